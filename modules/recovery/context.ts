import { bytesToBase64url } from '@proofline/kernel';
import { createRefusalBudget, type RefusalBudget } from '@proofline/ledger';
import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { realmOf, realmRules, type SubjectId } from './domain/subjects.ts';
import { waitRule } from './domain/wait-rule.ts';
import { askedRows } from './store/asked-rows.ts';
import { ceremonyRows } from './store/ceremony-rows.ts';
import { invitationRows } from './store/invitation-rows.ts';
import { openRows } from './store/open-rows.ts';
import { passingRows } from './store/passing-rows.ts';
import { preparationRows } from './store/preparation-rows.ts';
import { recoveryRows } from './store/recovery-rows.ts';
import type { RealmDeps, RecoveryDeps } from './types.ts';

/** How long a passkey prompt may stay open. */
export const CEREMONY_MS = 5 * 60 * 1000;

/** What every command of this module works with: one realm, and what both share. */
export interface Context extends Omit<RecoveryDeps, 'realms'>, RealmDeps {
  readonly realm: Realm;
  /** Whether somebody who vouched still is there, in whichever realm. */
  readonly isThere: (db: Db, subjectId: SubjectId) => Promise<boolean>;
  readonly waitMs: number;
  /** For how long somebody must have been a contact before they count; shortened with the wait. */
  readonly seasonMs: number;
  readonly budget: RefusalBudget;
  readonly rows: {
    readonly preparations: ReturnType<typeof preparationRows>;
    readonly invitations: ReturnType<typeof invitationRows>;
    readonly recoveries: ReturnType<typeof recoveryRows>;
    readonly open: ReturnType<typeof openRows>;
    readonly asked: ReturnType<typeof askedRows>;
    readonly ceremonies: ReturnType<typeof ceremonyRows>;
    readonly passing: ReturnType<typeof passingRows>;
  };
}

/** The same machine for each realm, on the rows of that realm alone. */
export function createContexts(deps: RecoveryDeps): Readonly<Record<Realm, Context>> {
  const { realms: realmDeps, ...shared } = deps;
  const waitMs = waitRule(deps.wait).waitSeconds * 1000;
  const budget = createRefusalBudget(deps.clock);
  const contextOf = (realm: Realm): Context => ({
    ...shared,
    ...realmDeps[realm],
    realm,
    isThere: async (db, subjectId) =>
      (await realmDeps[realmOf(subjectId)].people.find(db, subjectId))?.active === true,
    waitMs,
    seasonMs: seasonOf(realm, { ...deps.wait, waitMs }),
    budget,
    rows: {
      preparations: preparationRows(deps.tenant),
      invitations: invitationRows(deps.tenant),
      recoveries: recoveryRows(deps.tenant, realm),
      open: openRows(deps.tenant, realm),
      asked: askedRows(deps.tenant, realm),
      ceremonies: ceremonyRows(deps.tenant),
      passing: passingRows(deps.tenant),
    },
  });
  return { workforce: contextOf('workforce'), customers: contextOf('customers') };
}

function seasonOf(
  realm: Realm,
  { isShortened, waitMs }: { readonly isShortened: boolean; readonly waitMs: number },
): number {
  const { contactsSeasonMs } = realmRules[realm];
  return isShortened ? Math.min(contactsSeasonMs, waitMs) : contactsSeasonMs;
}

/** 32 random bytes as text: a link's or a cookie's secret, or a challenge. */
export function newSecret(context: Pick<Context, 'random'>): string {
  return bytesToBase64url(context.random.bytes(32));
}

/** The moment for the machine. */
export function momentOf({ clock, waitMs }: Pick<Context, 'clock' | 'waitMs'>) {
  return { nowMs: clock.now(), waitMs };
}
