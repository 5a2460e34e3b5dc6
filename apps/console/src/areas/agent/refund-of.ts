import { ReasonCode, type ApprovalContent } from '@proofline/protocol';
import { z } from 'zod';
import type { Invoice, InvoiceSeen, RefundBody } from '../../api/customer-record.ts';

const Cents = z.number().int().nonnegative();
const Refund = z.strictObject({
  invoiceId: z.string(),
  amountCents: Cents.positive(),
  reason: ReasonCode,
  seen: z.strictObject({ amountCents: Cents, refundedCents: Cents }).optional(),
});

/** The refund that an approval is about; `undefined` when it is about something else. */
export function refundOf(content: ApprovalContent): RefundBody | undefined {
  if (content.action !== 'refund:initiate') return undefined;
  const parsed = Refund.safeParse(content.body);
  if (!parsed.success) return undefined;
  const { seen, ...refund } = parsed.data;
  return seen ? { ...refund, seen } : refund;
}

/** What this screen shows of an invoice; `undefined` where the decision hides the amounts. */
export function seenOf(invoice: Invoice | undefined): InvoiceSeen | undefined {
  if (invoice?.amountCents === undefined || invoice.refundedCents === undefined) return undefined;
  return { amountCents: invoice.amountCents, refundedCents: invoice.refundedCents };
}

/** What can still be refunded of an invoice. */
export function leftOf({ amountCents, refundedCents }: InvoiceSeen): number {
  return Math.max(0, amountCents - refundedCents);
}
