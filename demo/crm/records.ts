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
