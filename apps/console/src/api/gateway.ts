import type { JsonObject } from '@proofline/kernel';
import type { z } from 'zod';
import type { AuthorizedRequest, TokenSource } from './authorized-fetch.ts';
import {
  CustomerRecord,
  InvoiceList,
  type BillingAddress,
  type DeliveryPreference,
  type Guarded,
  type Invoice,
  type RefundBody,
} from './customer-record.ts';
import type { ActBody } from './act-fields.ts';
import { recordChanges, type RecordActKind } from './record-acts.ts';
import { ListRows, recordLists, type ListRow, type RecordListKind } from './record-lists.ts';
import { parseFieldPlan } from './field-plan.ts';
import { NoAnswer } from './refusal.ts';

/** One change of a customer's record, as the gateway's routes take it. */
export type RecordChange =
  | {
      readonly kind: 'delivery-preference';
      readonly body: { deliveryPreference: DeliveryPreference };
    }
  | { readonly kind: 'billing-address'; readonly body: BillingAddress }
  | { readonly kind: 'refund'; readonly body: RefundBody }
  | { readonly kind: RecordActKind; readonly body: ActBody };

/** Whose record, under which grant. */
export interface RecordScope {
  readonly accountNumber: string;
  readonly grant: TokenSource;
}

/** The guarded system, as it shows itself through the gateway. */
export interface Gateway {
  readCustomer(scope: RecordScope): Promise<Guarded<CustomerRecord>>;
  readInvoices(scope: RecordScope): Promise<Guarded<readonly Invoice[]>>;
  readList(scope: RecordScope, kind: RecordListKind): Promise<Guarded<readonly ListRow[]>>;
  change(scope: RecordScope, change: RecordChange, idempotencyKey: string): Promise<void>;
}

interface GatewayDeps {
  readonly origin: string;
  readonly fetch: (request: AuthorizedRequest, tokens: TokenSource) => Promise<Response>;
}

/** A {@link Gateway} over authorized requests. */
export function createGateway({ origin, fetch }: GatewayDeps): Gateway {
  const urlOf = ({ accountNumber }: RecordScope, rest = '') =>
    `${origin}/customers/${encodeURIComponent(accountNumber)}${rest}`;
  const read = async <T extends z.ZodType>(
    url: string,
    scope: RecordScope,
    schema: T,
  ): Promise<Guarded<z.output<T>>> => {
    const response = await fetch(
      { method: 'GET', url, headers: { accept: 'application/json' } },
      scope.grant,
    );
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw new NoAnswer('the guarded system answered something else');
    return { value: parsed.data, fields: parseFieldPlan(response.headers.get('proofline-fields')) };
  };

  return {
    readCustomer: (scope) => read(urlOf(scope), scope, CustomerRecord),
    readInvoices: (scope) => read(urlOf(scope, '/invoices'), scope, InvoiceList),
    readList: (scope, kind) => read(urlOf(scope, recordLists[kind].path), scope, ListRows),
    async change(scope, { kind, body }, idempotencyKey) {
      await fetch(
        {
          method: recordChanges[kind].method,
          url: urlOf(scope, recordChanges[kind].path),
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(body),
        },
        scope.grant,
      );
    },
  };
}

/**
 * The same change as plain JSON, for its idempotency key. Without what was seen of the invoice: a
 * refund that may have come through shows there, and asking once more must not be another refund.
 */
export function contentOf(scope: RecordScope, change: RecordChange): JsonObject {
  return { accountNumber: scope.accountNumber, kind: change.kind, body: termsOf(change) };
}

function termsOf(change: RecordChange): JsonObject {
  if (change.kind !== 'refund') return { ...change.body };
  const { seen: _, ...terms } = change.body;
  return terms;
}
