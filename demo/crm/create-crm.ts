import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { crmActs } from './acts.ts';
import type { CrmDatabase, RefundOutcome } from './database.ts';
import { crmLists } from './lists.ts';
import { crmOpenApi } from './openapi.ts';
import { deliveryPreferences, type CustomerRecord } from './records.ts';

const Delivery = z.object({ deliveryPreference: z.enum(deliveryPreferences) }).strict();
const AddressBody = z
  .object({
    street: z.string().min(1).max(120),
    postalCode: z.string().min(1).max(12),
    city: z.string().min(1).max(80),
    country: z.string().regex(/^[A-Z]{2}$/),
  })
  .strict();
const Refund = z
  .object({
    invoiceId: z.string().max(40),
    amountCents: z.number().int().min(1).max(1_000_000),
    reason: z.string().min(3).max(40),
    seen: z.object({ amountCents: z.int(), refundedCents: z.int() }).strict().optional(),
  })
  .strict();

const refusals: Record<
  Exclude<RefundOutcome['kind'], 'booked'>,
  { status: 404 | 409; error: string }
> = {
  'unknown-invoice': { status: 404, error: 'no such invoice' },
  'not-as-seen': { status: 409, error: 'the invoice is not as it was seen' },
  'too-much': { status: 409, error: 'more than is left of the invoice' },
  'key-reused': { status: 409, error: 'this Idempotency-Key was used for another refund' },
};

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

async function read<T>(c: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  const body: unknown = await c.req.json().catch(() => undefined);
  return schema.safeParse(body).data;
}

const found = (c: Context, customer: CustomerRecord | undefined) =>
  customer ? c.json(customer) : c.json({ error: 'no such customer' }, 404);
const malformed = (c: Context) => c.json({ error: 'malformed body' }, 400);

/** An ordinary CRM: whoever has the API key sees and changes everything. */
export function createCrm(
  database: CrmDatabase,
  { apiKey, now }: { readonly apiKey: string; readonly now: () => Date },
): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: 64 * 1024 }));
  app.use(async (c, next) => {
    if (!sameText(c.req.header('x-api-key') ?? '', apiKey)) return c.json({ error: 'key' }, 401);
    return next();
  });
  app.get('/openapi.json', (c) => c.json(crmOpenApi));
  app.get('/customers', (c) => c.json(database.search(c.req.query('query') ?? '')));
  app.get('/customers/:account', (c) => found(c, database.customer(c.req.param('account'))));
  app.get('/customers/:account/invoices', (c) => {
    const account = c.req.param('account');
    return database.customer(account) ? c.json(database.invoices(account)) : found(c, undefined);
  });
  app.patch('/customers/:account/delivery-preference', async (c) => {
    const body = await read(c, Delivery);
    if (!body) return malformed(c);
    return found(c, database.setDelivery(c.req.param('account'), body.deliveryPreference));
  });
  app.put('/customers/:account/billing-address', async (c) => {
    const body = await read(c, AddressBody);
    return body ? found(c, database.setAddress(c.req.param('account'), body)) : malformed(c);
  });
  app.post('/customers/:account/refunds', async (c) => {
    const body = await read(c, Refund);
    if (!body) return malformed(c);
    const accountNumber = c.req.param('account');
    const idempotencyKey = c.req.header('idempotency-key');
    const outcome = database.refund({ accountNumber, ...body, idempotencyKey });
    if (outcome.kind === 'booked') return c.json(outcome.refund);
    const { status, error } = refusals[outcome.kind];
    return c.json({ error }, status);
  });
  for (const { path } of crmLists) {
    app.get(`/customers/:account/${path}`, (c) => {
      const account = c.req.param('account');
      return database.customer(account)
        ? c.json(database.list(account, path))
        : found(c, undefined);
    });
  }
  for (const { operationId: kind, method, path, body: schema, change, listed } of crmActs) {
    app.on(method.toUpperCase(), `/customers/:account/${path}`, async (c) => {
      const body = await read(c, schema);
      if (!body) return malformed(c);
      const done = database.act({
        accountNumber: c.req.param('account'),
        kind,
        body,
        change: change?.(body) ?? {},
        listed: listed?.(body, now().toISOString().slice(0, 10)),
        idempotencyKey: c.req.header('idempotency-key'),
      });
      return done
        ? c.json(done)
        : c.json({ error: 'no such customer, or nothing of that number' }, 404);
    });
  }
  return app;
}
