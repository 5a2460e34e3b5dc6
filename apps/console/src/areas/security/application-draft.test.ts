import type { Application } from '@proofline/protocol';
import { expect, it } from 'vitest';
import {
  agesFor,
  draftOf,
  emptyFields,
  fieldsOf,
  type ApplicationFields,
} from './application-draft.ts';

const shop: ApplicationFields = {
  ...emptyFields,
  name: 'Shop',
  realm: 'customers',
  learns: 'both',
  addresses: 'https://shop.example/callback',
  method: 'none',
};

it('a customers’ application is sent as it was chosen, and comes back into the form the same', () => {
  const draft = draftOf(shop);
  expect(draft).toMatchObject({
    realm: 'customers',
    policy: { acr: 'phr' },
    settings: { mayLearn: ['name', 'account-number'] },
  });
  // Of what is registered, the form reads only what was sent.
  expect(fieldsOf(draft as Application)).toEqual(shop);
  const least = draftOf({ ...shop, learns: 'nothing' });
  expect(least).not.toHaveProperty('settings.mayLearn');
});

it('a colleague’s application learns nothing that customers have, whatever was chosen before', () => {
  expect(draftOf({ ...shop, realm: 'workforce' })).not.toHaveProperty('settings.mayLearn');
});

it('a customers’ application is offered no proof older than their session, and keeps one it has', () => {
  const oldest = (...asked: Parameters<typeof agesFor>) => agesFor(...asked)[0]?.value;
  expect(oldest('workforce')).toBe('28800');
  expect(oldest('customers')).toBe('3600');
  expect(oldest('customers', '28800')).toBe('28800');
});
