import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';

/** Waited for only now: everything that needs no body has been looked at. */
export const body: GatewayCheck = {
  name: 'body',
  async run(exchange) {
    const { request } = exchange;
    const bytes = await request.body();
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (bytes.length > 0 && type !== 'application/json') {
      throw new ProblemError('request.unsupported-type');
    }
    exchange.bytes = bytes;
  },
};
