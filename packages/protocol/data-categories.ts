import { z } from 'zod';

/** What a field of a record is. Policies speak of these, never of column names. */
export const dataCategories = [
  'public',
  'contact',
  'plan',
  'invoice',
  'usage',
  'order',
  'payment-last4',
  'payment-token',
  'bank-account',
  'identity-document',
  'health',
  'note',
  'fraud',
  'recording',
] as const;
/** One of {@link dataCategories}. */
export const DataCategory = z.enum(dataCategories);
/** One of {@link dataCategories}. */
export type DataCategory = z.infer<typeof DataCategory>;

/** The matter that a case is about; decides which data domains it needs. */
export const caseTypes = [
  'billing',
  'plan-change',
  'complaint',
  'technical-fault',
  'lost-sim',
  'moving-house',
  'payment-difficulty',
  'priority-care',
  'data-request',
  'fraud-review',
] as const;
/** One of {@link caseTypes}. */
export const CaseType = z.enum(caseTypes);
/** One of {@link caseTypes}. */
export type CaseType = z.infer<typeof CaseType>;

/** Why a change or an approval was right, from a closed list. */
export const reasonCodes = [
  'duplicate-charge',
  'service-outage',
  'billing-error',
  'goodwill',
  'cancelled-in-time',
] as const;
/** One of {@link reasonCodes}. */
export const ReasonCode = z.enum(reasonCodes);
/** One of {@link reasonCodes}. */
export type ReasonCode = z.infer<typeof ReasonCode>;
