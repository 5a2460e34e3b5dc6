import { filterFields } from '@proofline/enforce';
import { found, type GatewayCheck } from '../exchange.ts';

/** Rows and fields by the decision's plan; without a plan nothing is shown. */
export const filter: GatewayCheck = {
  name: 'filter',
  async run(exchange) {
    const answer = found(exchange.upstream);
    if (answer.kind !== 'answered') return;
    const { fields, rowsMax } = found(exchange.decision).obligations;
    exchange.filtered = filterFields(answer.body, found(exchange.match).operation.mapping.fields, {
      plan: fields ?? { visible: [], masked: [], hidden: [] },
      ...(rowsMax === undefined ? {} : { rowsMax }),
    });
  },
};
