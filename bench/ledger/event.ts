import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { EvidenceDraft } from '@proofline/ledger';

const ports = { clock: systemClock, random: systemRandom };

/** Whose call it is: a desk’s worth of customers, who come again and again. */
const customers = Array.from({ length: 200 }, () => newId('cus', ports));
const agents = Array.from({ length: 20 }, () => newId('stf', ports));

/** The twelve fields of a record that somebody read: what a contact center logs, and must be able to erase. */
const personal = {
  name: 'Marisol Etxeberria Ruiz',
  phone: '+34 600 512 099',
  email: 'marisol.etxeberria@example.com',
  street: 'Calle de la Ribera 14, 3.º B',
  postcode: '48005',
  city: 'Bilbao',
  birthDate: '1987-04-19',
  iban: 'ES91 2100 0418 4502 0005 1332',
  device: 'router, blue light blinking',
  address: '203.0.113.77',
  note: 'asks for the invoice of March',
  reason: 'billing address has changed',
} as const;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

/** One event with five refs and twelve redactable fields; whose it is changes from one to the next. */
export function eventOf(index: number): EvidenceDraft {
  const customer = at(customers, index * 7);
  return {
    kind: 'request.completed',
    refs: {
      interactionId: newId('int', ports),
      caseId: newId('cse', ports),
      decisionId: newId('dec', ports),
    },
    subjects: { actor: at(agents, index), customer },
    facts: { action: 'account:read', outcome: 'completed', resourceType: 'Account' },
    personal: [{ subject: customer, retention: 'case', fields: personal }],
  };
}

/** The same as plain JSON, for a log that can erase nothing. */
export function plainEventOf(index: number): { readonly id: string; readonly body: string } {
  const { kind, refs, subjects, facts } = eventOf(index);
  const id = newId('evt', ports);
  return { id, body: JSON.stringify({ id, kind, refs, subjects, facts, personal }) };
}

/** After so many events each subject was in one. */
export const SUBJECTS = customers.length;
