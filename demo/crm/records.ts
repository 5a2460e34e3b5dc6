/** Where invoices go. */
export interface Address {
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
}

/** How invoices are delivered. */
export const deliveryPreferences = ['post', 'email', 'portal'] as const;
export type DeliveryPreference = (typeof deliveryPreferences)[number];

/** What can be had. */
export const plans = [
  { plan: 'Fibre 250', monthlyFeeCents: 3290 },
  { plan: 'Fibre 500', monthlyFeeCents: 4190 },
  { plan: 'Fibre 1000', monthlyFeeCents: 5490 },
  { plan: 'Home power day & night', monthlyFeeCents: 8850 },
  { plan: 'Home power and fibre', monthlyFeeCents: 12_400 },
] as const;

/** What somebody may be suspected of. */
export const fraudReasons = ['account-takeover', 'stolen-card', 'false-claim'] as const;

/** A customer as the CRM keeps them: far more than any one case needs. */
export interface CustomerRecord {
  readonly accountNumber: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly plan: string;
  readonly monthlyFeeCents: number;
  readonly deliveryPreference: DeliveryPreference;
  readonly billingAddress: Address;
  readonly cardLast4: string;
  readonly cardToken: string;
  readonly identityDocument: string;
  readonly healthNotes: string | null;
  readonly notes: string | null;
  readonly iban: string;
  readonly simNumber: string;
  readonly dataUsedGb: number;
  readonly fraudFlag: string | null;
  readonly marketingConsent: string;
  readonly priorityService: string | null;
  readonly creditLimitCents: number;
}

/** One line of a record's history. */
export interface ActRecord {
  readonly actId: string;
  /** The operation: `changePlan`. */
  readonly kind: string;
  readonly bookedAt: string;
}

export interface InvoiceRecord {
  readonly invoiceId: string;
  readonly accountNumber: string;
  /** `2026-10`. */
  readonly period: string;
  readonly issuedOn: string;
  readonly amountCents: number;
  readonly refundedCents: number;
  readonly state: 'open' | 'paid';
}

/** A refund as it was booked. */
export interface RefundRecord {
  readonly refundId: string;
  readonly accountNumber: string;
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly reason: string;
  readonly bookedAt: string;
}
