import { type Id } from '@proofline/kernel';
import { idOf, Role, type Realm } from '@proofline/protocol';
import { z } from 'zod';

/** Whoever may recover an account, or vouch for somebody: a colleague or a customer. */
export const SubjectId = z.union([idOf('stf'), idOf('cus')]);
/** One of {@link SubjectId}. */
export type SubjectId = Id<'stf'> | Id<'cus'>;

/** What somebody is when they vouch: their role, or a customer, who has none. */
export const Standing = z.union([Role, z.literal('customer')]);
/** One of {@link Standing}. */
export type Standing = z.infer<typeof Standing>;

const HOUR_MS = 60 * 60 * 1000;

/** What differs between the realms. All else is one machine. */
export interface RealmRules {
  /** For how long somebody must have been a contact before their word counts. */
  readonly contactsSeasonMs: number;
  /** Whether a recovery begins where no channel on file could tell of it. */
  readonly mustBeTold: boolean;
  /** Recoveries with a proof that sessions and links alone may cancel in thirty days. */
  readonly untouchedCancelsMax: number;
  /** Whether officers are asked only once the subject, or somebody whom they chose, has proved something. */
  readonly officersComeSecond: boolean;
}

/**
 * Colleagues choose among those of their desk, and security can end a stolen session. A customer invites
 * whomever they like, and nobody else can end their sessions. Officers know who works here; whose account
 * a number is they learn of no customer who has not come to them.
 */
export const realmRules: Readonly<Record<Realm, RealmRules>> = {
  workforce: {
    contactsSeasonMs: 0,
    mustBeTold: false,
    untouchedCancelsMax: Infinity,
    officersComeSecond: false,
  },
  customers: {
    contactsSeasonMs: 72 * HOUR_MS,
    mustBeTold: true,
    untouchedCancelsMax: 5,
    officersComeSecond: true,
  },
};

/** Within this time cancels are counted. */
export const CANCELS_COUNTED_MS = 30 * 24 * HOUR_MS;

/** The realm of a subject: its id says it. */
export function realmOf(subjectId: SubjectId): Realm {
  // By its first letters: what comes from outside was parsed before.
  return subjectId.startsWith('cus_') ? 'customers' : 'workforce';
}

/** What holds for a subject of this realm. */
export function rulesOf(subjectId: SubjectId): RealmRules {
  return realmRules[realmOf(subjectId)];
}
