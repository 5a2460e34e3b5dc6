import type { Id } from '@proofline/kernel';
import type { Acr, Realm } from '@proofline/protocol';
import type { Standing, SubjectId } from '../domain/subjects.ts';

/** What an attacker may have besides their own wits and every ordinary account: one of these. */
export const powers = ['nothing', 'officers', 'contacts', 'code'] as const;
/** One of {@link powers}. */
export type Power = (typeof powers)[number];

export interface Person {
  readonly id: SubjectId;
  readonly role: Standing;
  readonly desk: string;
  readonly acr: Acr;
  /** Recovered lately themselves. */
  readonly isCapped: boolean;
  /** The attacker’s where they have this power; `always`: whatever they have. */
  readonly sidesWith: Power | 'always' | 'never';
}

const person = (
  name: string,
  role: Standing,
  { desk = 'HQ', acr = 'phrh', isCapped = false, sidesWith = 'always' }: Partial<Person> = {},
): Person => ({
  id: `${role === 'customer' ? 'cus' : 'stf'}_${name}` as Id<'stf'> | Id<'cus'>, // Ids of a model.
  role,
  desk,
  acr,
  isCapped,
  sidesWith,
});

const contact = { sidesWith: 'contacts' } as const;
const officer = { sidesWith: 'officers' } as const;

/** Officers and everybody else who works there: in both realms the same. */
const staff = [
  person('officer-1', 'hr-officer', officer),
  person('officer-2', 'hr-officer', officer),
  person('officer-3', 'security-admin', officer),
  person('officer-4', 'security-admin', { ...officer, acr: 'phr', desk: 'Lisbon' }),
  person('agent', 'billing-agent'),
  person('admin', 'supervisor'),
];

/** The subject first, then their contacts; then everybody else. */
export interface Cast {
  readonly people: readonly Person[];
  readonly contacts: readonly SubjectId[];
}

const CONTACTS = 4;

function cast(people: readonly Person[]): Cast {
  return { people, contacts: people.slice(1, CONTACTS + 1).map(({ id }) => id) };
}

export const casts: Readonly<Record<Realm, Cast>> = {
  workforce: cast([
    // An officer too, so that they could sign for themselves.
    person('subject', 'hr-officer', { sidesWith: 'never', desk: 'Lisbon' }),
    person('friend-1', 'billing-agent', contact),
    person('friend-2', 'support-agent', contact),
    // Became a lead after having been chosen.
    person('friend-3', 'team-lead', contact),
    person('friend-4', 'support-agent', { ...contact, isCapped: true }),
    ...staff,
    person('stranger', 'analyst'),
  ]),
  customers: cast([
    person('subject', 'customer', { sidesWith: 'never', desk: '', acr: 'phr' }),
    person('friend-1', 'customer', { ...contact, acr: 'phr' }),
    person('friend-2', 'customer', { ...contact, acr: 'phr' }),
    person('friend-3', 'customer', { ...contact, acr: 'phr' }),
    person('friend-4', 'customer', { ...contact, isCapped: true }),
    ...staff,
    person('stranger', 'customer'),
  ]),
};

/** How many there are in either realm. */
export const CAST_SIZE = casts.customers.people.length;

/** How many of them a subject chose beforehand. */
export const CONTACTS_CHOSEN = CONTACTS;
