import { ReasonCode, type ApprovalContent } from '@proofline/protocol';
import { z } from 'zod';
import type { RefundBody } from '../../api/customer-record.ts';

const Refund = z.strictObject({
  invoiceId: z.string(),
  amountCents: z.number().int().positive(),
  reason: ReasonCode,
});

/** The refund that an approval is about; `undefined` when it is about something else. */
export function refundOf(content: ApprovalContent): RefundBody | undefined {
  if (content.action !== 'refund:initiate') return undefined;
  const parsed = Refund.safeParse(content.body);
  return parsed.success ? parsed.data : undefined;
}
