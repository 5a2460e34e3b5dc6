import { company } from '../company.ts';
import { crmActs, schemaOf } from './acts.ts';
import { crmLists } from './lists.ts';
import { deliveryPreferences } from './records.ts';

const accountNumber = {
  name: 'accountNumber',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^MH-[0-9]{5}$' },
} as const;

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const json = (schema: object) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const body = (schema: object) => ({ required: true, content: json(schema) });
const answer = (schema: object) => ({ 200: { description: 'OK', content: json(schema) } });

const schemas = {
  Address: {
    type: 'object',
    additionalProperties: false,
    required: ['street', 'postalCode', 'city', 'country'],
    properties: {
      street: text(120),
      postalCode: text(12),
      city: text(80),
      country: { type: 'string', pattern: '^[A-Z]{2}$' },
    },
  },
  DeliveryPreference: {
    type: 'object',
    additionalProperties: false,
    required: ['deliveryPreference'],
    properties: { deliveryPreference: { type: 'string', enum: [...deliveryPreferences] } },
  },
  RefundOrder: {
    type: 'object',
    additionalProperties: false,
    required: ['invoiceId', 'amountCents', 'reason'],
    properties: {
      invoiceId: { type: 'string', pattern: '^INV-[0-9]{5}-[0-9]{6}$' },
      amountCents: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      reason: { type: 'string', pattern: '^[a-z-]{3,40}$' },
      seen: ref('InvoiceSeen'),
    },
  },
  InvoiceSeen: {
    type: 'object',
    additionalProperties: false,
    required: ['amountCents', 'refundedCents'],
    properties: {
      amountCents: { type: 'integer', minimum: 0 },
      refundedCents: { type: 'integer', minimum: 0 },
    },
  },
  Customer: {
    type: 'object',
    properties: {
      accountNumber: { type: 'string' },
      name: { type: 'string' },
      email: { type: 'string' },
      phone: { type: 'string' },
      plan: { type: 'string' },
      monthlyFeeCents: { type: 'integer' },
      deliveryPreference: { type: 'string', enum: [...deliveryPreferences] },
      billingAddress: ref('Address'),
      cardLast4: { type: 'string' },
      cardToken: { type: 'string' },
      identityDocument: { type: 'string' },
      healthNotes: { type: ['string', 'null'] },
      notes: { type: ['string', 'null'] },
      iban: { type: 'string' },
      simNumber: { type: 'string' },
      dataUsedGb: { type: 'integer' },
      fraudFlag: { type: ['string', 'null'] },
      marketingConsent: { type: 'string' },
      priorityService: { type: ['string', 'null'] },
      creditLimitCents: { type: 'integer' },
    },
  },
  Act: {
    type: 'object',
    properties: {
      actId: { type: 'string' },
      kind: { type: 'string' },
      bookedAt: { type: 'string' },
    },
  },
  Invoice: {
    type: 'object',
    properties: {
      invoiceId: { type: 'string' },
      accountNumber: { type: 'string' },
      period: { type: 'string' },
      issuedOn: { type: 'string' },
      amountCents: { type: 'integer' },
      refundedCents: { type: 'integer' },
      state: { type: 'string', enum: ['open', 'paid'] },
    },
  },
  Refund: {
    type: 'object',
    properties: {
      refundId: { type: 'string' },
      accountNumber: { type: 'string' },
      invoiceId: { type: 'string' },
      amountCents: { type: 'integer' },
      reason: { type: 'string' },
      bookedAt: { type: 'string' },
    },
  },
} as const;

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly says: object;
}

const actOperations = crmActs.map(({ path, method, operationId, body: told }): Operation => ({
  path,
  method,
  says: { operationId, requestBody: body(schemaOf(told)), responses: answer(ref('Act')) },
}));

const listOperations = crmLists.map(({ path, operationId, fields }): Operation => {
  const members = Object.entries({ id: 'string', ...fields });
  const properties = Object.fromEntries(members.map(([name, type]) => [name, { type }]));
  const items = { type: 'object', properties };
  return {
    path,
    method: 'get',
    says: { operationId, responses: answer({ type: 'array', items }) },
  };
});

/** What is read and written at one address stands together (`tickets`). */
const tablePaths = Object.fromEntries(
  [...Map.groupBy([...actOperations, ...listOperations], ({ path }) => path)].map(
    ([path, operations]) => [
      `/customers/{accountNumber}/${path}`,
      {
        parameters: [accountNumber],
        ...Object.fromEntries(operations.map(({ method, says }) => [method, says])),
      },
    ],
  ),
);

/** What the CRM says about itself (OpenAPI 3.1). It has never heard of Proofline. */
export const crmOpenApi = {
  openapi: '3.1.0',
  info: { title: `${company.name} CRM`, version: '7.2.0' },
  paths: {
    '/customers': {
      get: {
        operationId: 'searchCustomers',
        parameters: [{ name: 'query', in: 'query', required: true, schema: text(80) }],
        responses: answer({ type: 'array', items: ref('Customer') }),
      },
    },
    '/customers/{accountNumber}': {
      parameters: [accountNumber],
      get: { operationId: 'getCustomer', responses: answer(ref('Customer')) },
    },
    '/customers/{accountNumber}/invoices': {
      parameters: [accountNumber],
      get: {
        operationId: 'listInvoices',
        responses: answer({ type: 'array', items: ref('Invoice') }),
      },
    },
    '/customers/{accountNumber}/delivery-preference': {
      parameters: [accountNumber],
      patch: {
        operationId: 'updateDeliveryPreference',
        requestBody: body(ref('DeliveryPreference')),
        responses: answer(ref('Customer')),
      },
    },
    '/customers/{accountNumber}/billing-address': {
      parameters: [accountNumber],
      put: {
        operationId: 'updateBillingAddress',
        requestBody: body(ref('Address')),
        responses: answer(ref('Customer')),
      },
    },
    '/customers/{accountNumber}/refunds': {
      parameters: [accountNumber],
      post: {
        operationId: 'createRefund',
        requestBody: body(ref('RefundOrder')),
        responses: answer(ref('Refund')),
      },
    },
    ...tablePaths,
  },
  components: { schemas },
} as const;
