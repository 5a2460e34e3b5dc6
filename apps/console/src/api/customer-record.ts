import type { FieldPlan, ReasonCode } from '@proofline/protocol';
import { z } from 'zod';

/** How invoices reach the customer. */
export const deliveryPreferences = ['email', 'post', 'portal'] as const;
export const DeliveryPreference = z.enum(deliveryPreferences);
export type DeliveryPreference = z.infer<typeof DeliveryPreference>;

export const BillingAddress = z.object({
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z.string(),
});
export type BillingAddress = z.infer<typeof BillingAddress>;

/**
 * A customer's record as the gateway lets it through. Every member may be missing: the gateway drops
 * what the decision hides, and this is not the place to know which.
 */
export const CustomerRecord = z.object({
  accountNumber: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  plan: z.string().optional(),
  monthlyFeeCents: z.number().int().optional().catch(undefined),
  deliveryPreference: DeliveryPreference.optional().catch(undefined),
  billingAddress: BillingAddress.partial().optional().catch(undefined),
  cardLast4: z.string().optional(),
  iban: z.string().optional(),
  simNumber: z.string().optional(),
  dataUsedGb: z.number().int().optional().catch(undefined),
  fraudFlag: z.string().nullable().optional(),
  marketingConsent: z.string().optional(),
  priorityService: z.string().nullable().optional(),
  creditLimitCents: z.number().int().optional().catch(undefined),
  notes: z.string().nullable().optional(),
});
export type CustomerRecord = z.infer<typeof CustomerRecord>;

export const Invoice = z.object({
  invoiceId: z.string(),
  /** `2026-10`. */
  period: z.string().optional(),
  issuedOn: z.string().optional(),
  amountCents: z.number().int().optional().catch(undefined),
  refundedCents: z.number().int().optional().catch(undefined),
  state: z.string().optional(),
});
export type Invoice = z.infer<typeof Invoice>;

export const InvoiceList = z.array(Invoice);

/** A refund as it is sent, approved and logged: exactly this. */
export interface RefundBody {
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly reason: ReasonCode;
  /** What the invoice said when this was typed: the guarded system refuses the refund if it is not so. */
  readonly seen?: InvoiceSeen;
}

/** An invoice as whoever asks for a refund saw it; the supervisor sees the same. */
export type InvoiceSeen = Readonly<Record<'amountCents' | 'refundedCents', number>>;

/** What came through the gateway, and what it says that it left out. */
export interface Guarded<T> {
  readonly value: T;
  readonly fields: FieldPlan | undefined;
}
