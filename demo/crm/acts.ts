import { z } from 'zod';
import * as is from './act-bodies.ts';
import type { ListName, ListRow } from './lists.ts';
import { fraudReasons, plans, type CustomerRecord } from './records.ts';

type Body = Readonly<Record<string, unknown>>;

/** What an act does to a list: a new row, or other fields of one that is named by its id. */
export interface ListChange {
  readonly list: ListName;
  /** Of the row that is changed; absent: a new one, with `prefix` before its id. */
  readonly id?: string;
  readonly prefix?: string;
  readonly fields: Omit<ListRow, 'id'>;
}

/** Something that is done to a customer's record and written into its history. */
export interface CrmAct {
  readonly operationId: string;
  readonly method: 'put' | 'post';
  /** Below `/customers/{accountNumber}`. */
  readonly path: string;
  readonly body: z.ZodType<Record<string, unknown>>;
  /** What it changes of the record, besides the history. */
  readonly change?: (body: Body) => Partial<CustomerRecord>;
  /** What it changes of a list. */
  readonly listed?: (body: Body, today: string) => ListChange;
}

/** A plan's name → the plan, with its price. */
const planOf = (name: unknown) => plans.find(({ plan }) => plan === name) ?? {};

function act(
  operationId: string,
  [method, path]: readonly [CrmAct['method'], string],
  { body, ...effect }: { body: z.ZodRawShape } & Pick<CrmAct, 'change' | 'listed'>,
): CrmAct {
  return { operationId, method, path, body: z.object(body).strict(), ...effect };
}

const onTheRecord: readonly CrmAct[] = [
  act('addNote', ['post', 'notes'], {
    body: { text: is.words },
    change: ({ text }) => ({ notes: String(text) }),
  }),
  act('changePlan', ['put', 'plan'], {
    body: { plan: z.enum(plans.map(({ plan }) => plan)) },
    change: ({ plan }) => planOf(plan),
  }),
  act('replaceSim', ['post', 'sim-replacements'], {
    body: { simNumber: z.string().regex(/^8944[0-9]{15}$/) },
    change: ({ simNumber }) => ({ simNumber: String(simNumber) }),
  }),
  act('updateBankDetails', ['put', 'bank-details'], {
    body: { iban: z.string().regex(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/) },
    change: ({ iban }) => ({ iban: String(iban) }),
  }),
  act('updateContactDetails', ['put', 'contact-details'], {
    body: { email: z.email().max(120), phone: z.string().regex(/^\+[0-9 ]{8,20}$/) },
    change: ({ email, phone }) => ({ email: String(email), phone: String(phone) }),
  }),
  act('updateMarketingConsent', ['put', 'marketing-consent'], {
    body: { consent: z.enum(is.consents) },
    change: ({ consent }) => ({ marketingConsent: String(consent) }),
  }),
  act('registerPriorityService', ['post', 'priority-services'], {
    body: { priority: z.enum(is.priorities) },
    change: ({ priority }) => ({ priorityService: String(priority) }),
  }),
  act('raiseCreditLimit', ['put', 'credit-limit'], {
    body: { amountCents: is.amountCents },
    change: ({ amountCents }) => ({ creditLimitCents: Number(amountCents) }),
  }),
  act('setFraudFlag', ['post', 'fraud-flags'], {
    body: { suspicion: z.enum(fraudReasons) },
    change: ({ suspicion }) => ({ fraudFlag: String(suspicion) }),
  }),
  act('liftFraudFlag', ['post', 'fraud-flag-lifts'], {
    body: { reason: is.reason },
    change: () => ({ fraudFlag: null }),
  }),
];

const aboutMoney: readonly CrmAct[] = [
  act('grantCredit', ['post', 'credits'], {
    body: { amountCents: is.amountCents, reason: is.reason },
  }),
  act('agreePaymentPlan', ['post', 'payment-plans'], {
    body: { amountCents: is.amountCents, months: z.int().min(2).max(24) },
  }),
  act('waiveLateFee', ['post', 'late-fee-waivers'], {
    body: { invoiceId: is.invoiceId, reason: is.reason },
  }),
  act('pauseCollection', ['post', 'collection-pauses'], { body: { until: is.day } }),
  act('correctInvoice', ['post', 'invoice-corrections'], {
    body: { invoiceId: is.invoiceId, amountCents: is.amountCents, reason: is.reason },
  }),
  act('writeOffDebt', ['post', 'debt-write-offs'], {
    body: { amountCents: is.amountCents, reason: is.reason },
  }),
];

const aboutTheService: readonly CrmAct[] = [
  act('restartRouter', ['post', 'router-restarts'], { body: {} }),
  act('testLine', ['post', 'line-tests'], { body: {} }),
  act('openTicket', ['post', 'tickets'], {
    body: { fault: z.enum(is.faults) },
    listed: ({ fault }, today) => ({
      list: 'tickets',
      prefix: 'TIC',
      fields: { fault: String(fault), openedOn: today, state: 'reported' },
    }),
  }),
  act('replaceEquipment', ['post', 'equipment-replacements'], {
    body: { device: z.enum(is.devices) },
    listed: ({ device }, today) => ({
      list: 'orders',
      prefix: 'ORD',
      fields: { what: `New ${String(device)}`, orderedOn: today, dueOn: today, state: 'ordered' },
    }),
  }),
  act('bookAddOn', ['post', 'add-ons'], {
    body: { addOn: z.enum(is.addOns) },
    listed: ({ addOn }, today) => ({
      list: 'orders',
      prefix: 'ORD',
      fields: { what: String(addOn), orderedOn: today, dueOn: today, state: 'ordered' },
    }),
  }),
  act('cancelOrder', ['post', 'order-cancellations'], {
    body: { orderId: is.orderId },
    listed: ({ orderId }) => ({
      list: 'orders',
      id: String(orderId),
      fields: { state: 'cancelled' },
    }),
  }),
  act('bookAppointment', ['post', 'appointments'], {
    body: { on: is.day, slot: is.slot },
    listed: ({ on, slot }, today) => ({
      list: 'orders',
      prefix: 'VIS',
      fields: {
        what: `Visit of an engineer, ${String(slot)}`,
        orderedOn: today,
        dueOn: String(on),
        state: 'booked',
      },
    }),
  }),
  act('cancelAppointment', ['post', 'appointment-cancellations'], {
    body: { visitId: is.visitId },
    listed: ({ visitId }) => ({
      list: 'orders',
      id: String(visitId),
      fields: { state: 'cancelled' },
    }),
  }),
  act('moveService', ['post', 'service-moves'], {
    body: {
      street: z.string().min(1).max(120),
      postalCode: z.string().min(1).max(12),
      city: z.string().min(1).max(80),
      on: is.day,
    },
    listed: ({ on }, today) => ({
      list: 'orders',
      prefix: 'ORD',
      fields: {
        what: 'Move of the service',
        orderedOn: today,
        dueOn: String(on),
        state: 'ordered',
      },
    }),
  }),
];

const aboutTheCustomer: readonly CrmAct[] = [
  act('scheduleCallback', ['post', 'callbacks'], { body: { on: is.day, slot: is.slot } }),
  act('recordComplaint', ['post', 'complaints'], {
    body: { topic: z.enum(is.topics), text: is.words },
  }),
  act('releaseNumber', ['post', 'number-releases'], {
    body: { provider: z.string().min(2).max(60), on: is.day },
  }),
  act('terminateContract', ['post', 'contract-terminations'], {
    body: { on: is.day, because: z.enum(is.farewells) },
  }),
  act('sendRecordCopy', ['post', 'record-copies'], { body: {} }),
];

/** What the CRM can do besides what has a route of its own. The same list describes it in OpenAPI. */
export const crmActs: readonly CrmAct[] = [
  ...onTheRecord,
  ...aboutMoney,
  ...aboutTheService,
  ...aboutTheCustomer,
];

/** A body as OpenAPI 3.1 describes it, which is JSON Schema. */
export function schemaOf(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body);
  return schema;
}
