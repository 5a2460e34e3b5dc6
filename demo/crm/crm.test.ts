import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { company, demoCustomers } from '../company.ts';
import { startCrm, type RunningCrm } from './start-crm.ts';

const apiKey = 'a-key-of-this-test-only';
let crm: RunningCrm;

beforeAll(async () => {
  const now = () => new Date('2026-11-02T09:00:00Z');
  crm = await startCrm({ port: 0, apiKey, databasePath: ':memory:', now });
});
afterAll(() => crm.stop());

async function call(method: string, path: string, ...[body, headers]: [unknown?, object?]) {
  const response = await fetch(crm.origin + path, {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the demo’s company', () => {
  it('is the same at every start and reaches nobody', () => {
    const customers = demoCustomers();
    expect(customers).toHaveLength(company.customersCount);
    expect(demoCustomers()).toEqual(customers);
    expect(new Set(customers.map(({ contact }) => contact.address)).size).toBe(340);
    expect(customers.every(({ contact }) => /^\+44 7700 900\d{3}$/.test(contact.address))).toBe(
      true,
    );
  });
});

describe('the CRM', () => {
  it('shows everything to whoever has its key, and nothing without', async () => {
    const { status, body } = await call('GET', '/customers/MH-10001');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accountNumber: 'MH-10001',
      name: demoCustomers()[0]!.name,
      phone: demoCustomers()[0]!.contact.address,
      cardToken: expect.any(String),
      identityDocument: expect.any(String),
    });
    expect((await call('GET', '/customers/MH-10001', undefined, { 'x-api-key': 'x' })).status).toBe(
      401,
    );
    expect((await call('GET', '/customers/MH-99999')).status).toBe(404);
    expect((await call('GET', '/customers/MH-99999/invoices')).status).toBe(404);
  });
  it('changes what it is told', async () => {
    const delivery = await call('PATCH', '/customers/MH-10002/delivery-preference', {
      deliveryPreference: 'portal',
    });
    expect(delivery.body).toMatchObject({ deliveryPreference: 'portal' });
    const address = {
      street: 'Mill Rise 2',
      postalCode: 'MF1 2QX',
      city: 'Fennick',
      country: 'GB',
    };
    const moved = await call('PUT', '/customers/MH-10002/billing-address', address);
    expect(moved.body).toMatchObject({ billingAddress: address, deliveryPreference: 'portal' });
    expect((await call('PUT', '/customers/MH-10002/billing-address', {})).status).toBe(400);
  });
  it('books a refund once per key and never more than the invoice', async () => {
    const [invoice] = (await call('GET', '/customers/MH-10003/invoices')).body as unknown as {
      invoiceId: string;
      amountCents: number;
    }[];
    const { invoiceId, amountCents } = invoice!;
    const order = { invoiceId, amountCents: amountCents - 1, reason: 'goodwill' };
    const path = '/customers/MH-10003/refunds';
    const first = await call('POST', path, order, { 'idempotency-key': 'k1' });
    const again = await call('POST', path, order, { 'idempotency-key': 'k1' });
    expect(first.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const other = { ...order, amountCents: 1 };
    expect((await call('POST', path, other, { 'idempotency-key': 'k1' })).status).toBe(409);
    expect((await call('POST', path, { ...order, amountCents: 2 })).status).toBe(409);
    const last = { ...order, amountCents: 1 };
    const lie = { amountCents: amountCents + 500, refundedCents: amountCents - 1 };
    expect((await call('POST', path, { ...last, seen: lie })).status).toBe(409);
    const seen = { amountCents, refundedCents: amountCents - 1 };
    expect((await call('POST', path, { ...last, seen })).status).toBe(200);
    const foreign = await call('POST', '/customers/MH-10004/refunds', order);
    expect(foreign.status).toBe(404);
  });
  it('does once what it is told twice under one key, and changes the record by it', async () => {
    const path = '/customers/MH-10006';
    const key = { 'idempotency-key': 'a1' };
    const first = await call('PUT', `${path}/plan`, { plan: 'Fibre 1000' }, key);
    expect(first).toMatchObject({ status: 200, body: { kind: 'changePlan' } });
    expect((await call('PUT', `${path}/plan`, { plan: 'Fibre 1000' }, key)).body).toEqual(
      first.body,
    );
    expect((await call('POST', `${path}/fraud-flags`, { suspicion: 'false-claim' })).status).toBe(
      200,
    );
    expect((await call('GET', path)).body).toMatchObject({
      plan: 'Fibre 1000',
      monthlyFeeCents: 5490,
      fraudFlag: 'false-claim',
    });
    expect((await call('PUT', `${path}/plan`, { plan: 'Free' })).status).toBe(400);
    expect((await call('POST', '/customers/MH-99999/router-restarts', {})).status).toBe(404);
  });
  it('shows what hangs on a record, and changes it by what is ordered and cancelled', async () => {
    const path = '/customers/MH-10007';
    type Rows = { id: string; state: string; what: string }[];
    const orders = async () => (await call('GET', `${path}/orders`)).body as unknown as Rows;
    const before = await orders();
    expect(before.map(({ id }) => id)).toEqual(['ORD-10007-1', 'VIS-10007-1']);
    const cancel = { orderId: 'ORD-10007-1' };
    expect((await call('POST', `${path}/order-cancellations`, cancel)).status).toBe(200);
    const foreign = { orderId: 'ORD-10008-1' };
    expect((await call('POST', `${path}/order-cancellations`, foreign)).status).toBe(404);
    await call('POST', `${path}/add-ons`, { addOn: 'Static address' });
    expect(await orders()).toMatchObject([
      { id: 'ORD-10007-1', state: 'cancelled' },
      { id: 'ORD-10007-3', state: 'ordered', what: 'Static address' },
      { id: 'VIS-10007-1', state: 'booked' },
    ]);
    for (const list of ['usage', 'tickets', 'recordings', 'service-notices']) {
      expect((await call('GET', `${path}/${list}`)).status).toBe(200);
      expect((await call('GET', `/customers/MH-99999/${list}`)).status).toBe(404);
    }
  });
  it('describes itself', async () => {
    const { body } = await call('GET', '/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0' });
  });
});
