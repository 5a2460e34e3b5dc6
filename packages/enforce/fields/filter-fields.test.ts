import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@proofline/kernel';
import { filterFields, type FieldLabels } from '../index.ts';

const labels: FieldLabels = {
  '/name': { category: 'contact', mask: 'name' },
  '/plan': { category: 'plan' },
  '/card/last4': { category: 'payment-last4' },
  '/card/token': { category: 'payment-token' },
  '/address': { category: 'contact', mask: 'text' },
  '/invoices/*/amountCents': { category: 'invoice' },
};
const plan = {
  visible: ['plan', 'invoice', 'payment-last4'],
  masked: ['contact'],
  hidden: ['payment-token'],
} as const;
const mutable = { visible: [...plan.visible], masked: [...plan.masked], hidden: [...plan.hidden] };

describe('the field filter', () => {
  it('keeps, masks and drops by category, and drops what has no label', () => {
    const { body, applied } = filterFields(
      {
        name: 'Anna Berg',
        plan: 'Fibre 250',
        card: { last4: '4242', token: 'tok_1', brand: 'x' },
        address: { street: 'Elm 1' },
        healthNotes: 'asthma',
        invoices: [{ amountCents: 100, memo: 'm' }, { amountCents: 200 }],
        nested: { deep: { secret: 1 } },
      },
      labels,
      { plan: mutable },
    );
    expect(body).toEqual({
      name: 'A••• B•••',
      plan: 'Fibre 250',
      card: { last4: '4242' },
      address: { street: '•••' },
      invoices: [{ amountCents: 100 }, { amountCents: 200 }],
    });
    expect(applied).toEqual({
      visible: ['plan', 'payment-last4', 'invoice'],
      masked: ['contact'],
      hidden: ['payment-token'],
    });
  });
  it('hides a category that the plan does not name, and lets the narrowest list win', () => {
    const empty = { visible: [], masked: [], hidden: [] };
    expect(filterFields({ plan: 'x' }, labels, { plan: empty }).body).toEqual({});
    const both = { visible: mutable.visible, masked: [], hidden: mutable.visible };
    expect(filterFields({ plan: 'x' }, labels, { plan: both }).body).toEqual({});
  });
  it('keeps at most so many rows of an outermost array', () => {
    const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const rowLabels: FieldLabels = { '/*/id': { category: 'invoice' } };
    const result = filterFields(rows, rowLabels, { plan: mutable, rowsMax: 2 });
    expect(result).toMatchObject({ body: [{ id: 1 }, { id: 2 }], rows: 2 });
  });
  it('does not take the members of Object.prototype for labels or fields', () => {
    const body = JSON.parse('{"__proto__":{"plan":"x"},"constructor":"y","plan":"z"}') as Json;
    expect(filterFields(body, labels, { plan: mutable }).body).toEqual({ plan: 'z' });
  });
  it('lets nothing through without a label, whatever the body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { body } = filterFields(value, {}, { plan: mutable });
        expect(JSON.stringify(body)).toMatch(/^(\{\}|\[\])$/);
      }),
    );
  });
});
