import type { ApprovalContent } from '@proofline/protocol';
import { z } from 'zod';
import type { ActBody, ActField } from '../../api/act-fields.ts';
import { BillingAddress, DeliveryPreference } from '../../api/customer-record.ts';
import type { RecordChange } from '../../api/gateway.ts';
import { recordActKinds, recordActs, type RecordAct } from '../../api/record-acts.ts';
import { amountOf } from '../../format/money.ts';
import { refundOf } from './refund-of.ts';

const Delivery = z.strictObject({ deliveryPreference: DeliveryPreference });
const Address = BillingAddress.strict();
const Body = z.record(z.string(), z.union([z.string(), z.number()]));

/**
 * The change that an approval is about, to be sent exactly as it was approved; `undefined` when no
 * form of this panel sends that.
 */
export function changeOf(content: ApprovalContent): RecordChange | undefined {
  const { action, body } = content;
  if (action === 'refund:initiate') {
    const refund = refundOf(content);
    return refund && { kind: 'refund', body: refund };
  }
  if (action === 'delivery-preference:update') {
    const { data } = Delivery.safeParse(body);
    return data && { kind: 'delivery-preference', body: data };
  }
  if (action === 'billing-address:update') {
    const { data } = Address.safeParse(body);
    return data && { kind: 'billing-address', body: data };
  }
  const kind = recordActKinds.find((one) => recordActs[one].action === action);
  const sent = kind && actBody(recordActs[kind], body);
  return sent && { kind, body: sent };
}

/** The body of an act, when it has the fields of its form and no others. */
function actBody({ fields }: RecordAct, body: ApprovalContent['body']): ActBody | undefined {
  const { data } = Body.safeParse(body);
  const isWhole = Object.keys(body).length === fields.length;
  return isWhole && fields.every(({ name }) => data?.[name] !== undefined) ? data : undefined;
}

/** One term of an act in words. */
export interface Term {
  readonly label: string;
  readonly value: string;
}

/** What was asked for with the form of an act, in the words of the form; `undefined` for anything else. */
export function termsOf({ action, body }: ApprovalContent): readonly Term[] | undefined {
  const kind = recordActKinds.find((one) => recordActs[one].action === action);
  const sent = kind && actBody(recordActs[kind], body);
  if (!sent) return undefined;
  const { fields }: RecordAct = recordActs[kind];
  return fields.map((field) => ({ label: field.label, value: valueText(field, sent[field.name]) }));
}

function valueText({ kind, choices }: ActField, value: string | number | undefined): string {
  if (kind === 'cents' && typeof value === 'number') {
    const { number, unit } = amountOf(value);
    return `${number} ${unit}`;
  }
  return choices?.[String(value)] ?? String(value);
}
