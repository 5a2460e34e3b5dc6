import { z } from 'zod';
import { fraudReasons, plans, type CustomerRecord } from './records.ts';

/** Something that is done to a customer's record and written into its history. */
export interface CrmAct {
  readonly operationId: string;
  readonly method: 'put' | 'post';
  /** Below `/customers/{accountNumber}`. */
  readonly path: string;
  readonly body: z.ZodType<Record<string, unknown>>;
  /** What it changes of the record, besides the history. */
  readonly change?: (body: Readonly<Record<string, unknown>>) => Partial<CustomerRecord>;
}

const amountCents = z.int().min(1).max(1_000_000);
const reason = z.string().regex(/^[a-z-]{3,40}$/);

/** A plan's name → the plan, with its price. */
const planOf = (name: unknown) => plans.find(({ plan }) => plan === name) ?? {};

/** What the CRM can do besides what has a route of its own. The same list describes it in OpenAPI. */
export const crmActs: readonly CrmAct[] = [
  {
    operationId: 'addNote',
    method: 'post',
    path: 'notes',
    body: z.object({ text: z.string().min(1).max(500) }).strict(),
    change: ({ text }) => ({ notes: String(text) }),
  },
  {
    operationId: 'changePlan',
    method: 'put',
    path: 'plan',
    body: z.object({ plan: z.enum(plans.map(({ plan }) => plan)) }).strict(),
    change: ({ plan }) => planOf(plan),
  },
  {
    operationId: 'replaceSim',
    method: 'post',
    path: 'sim-replacements',
    body: z.object({ simNumber: z.string().regex(/^8944[0-9]{15}$/) }).strict(),
    change: ({ simNumber }) => ({ simNumber: String(simNumber) }),
  },
  {
    operationId: 'updateBankDetails',
    method: 'put',
    path: 'bank-details',
    body: z.object({ iban: z.string().regex(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/) }).strict(),
    change: ({ iban }) => ({ iban: String(iban) }),
  },
  {
    operationId: 'grantCredit',
    method: 'post',
    path: 'credits',
    body: z.object({ amountCents, reason }).strict(),
  },
  {
    operationId: 'agreePaymentPlan',
    method: 'post',
    path: 'payment-plans',
    body: z.object({ amountCents, months: z.int().min(2).max(24) }).strict(),
  },
  {
    operationId: 'restartRouter',
    method: 'post',
    path: 'router-restarts',
    body: z.object({}).strict(),
  },
  {
    operationId: 'setFraudFlag',
    method: 'post',
    path: 'fraud-flags',
    body: z.object({ suspicion: z.enum(fraudReasons) }).strict(),
    change: ({ suspicion }) => ({ fraudFlag: String(suspicion) }),
  },
  {
    operationId: 'liftFraudFlag',
    method: 'post',
    path: 'fraud-flag-lifts',
    body: z.object({ reason }).strict(),
    change: () => ({ fraudFlag: null }),
  },
];

/** A body as OpenAPI 3.1 describes it, which is JSON Schema. */
export function schemaOf(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body);
  return schema;
}
