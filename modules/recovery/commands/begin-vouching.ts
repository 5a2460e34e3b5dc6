import { assertionOptions } from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type Vouching } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { isOfficer } from '../domain/people.ts';
import { isForOfficers, type Recovery } from '../domain/recovery.ts';
import type { Standing, SubjectId } from '../domain/subjects.ts';
import { challengeOf, writeVouchContext, type VouchContext } from '../domain/vouch-context.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { recordRefusal } from './refuse.ts';

const WRONG_CODES_MAX = 5;
const WINDOW_MS = 10 * 60 * 1000;

/** Somebody in a live session who may be asked to vouch. */
export interface VouchCaller {
  readonly subjectId: SubjectId;
  readonly sessionId: Id<'ses'>;
  readonly roles: readonly Standing[];
}

/** Where somebody vouches: their own realm, and those whose recoveries they may sign for. */
export interface VouchingDesk {
  readonly own: Context;
  readonly realms: readonly Context[];
}

/** As what somebody may vouch: as the contact whom the subject chose, else by their office. */
export function vouchesAs(
  recovery: Recovery,
  who: Pick<VouchCaller, 'subjectId' | 'roles'>,
): 'contact' | 'officer' | undefined {
  if (recovery.subjectId === who.subjectId) return undefined;
  if (recovery.contacts.includes(who.subjectId)) return 'contact';
  return who.roles.some(isOfficer) && isForOfficers(recovery) ? 'officer' : undefined;
}

/**
 * What the caller is asked to sign, found by the code that the subject says to them in person. A code
 * that nobody has, and one of somebody for whom the caller cannot vouch, are the same (P9).
 *
 * @throws ProblemError `recovery.not-asked`, `request.too-many`
 */
export async function beginVouching(
  desk: VouchingDesk,
  input: {
    readonly caller: VouchCaller;
    readonly matchingCode: string;
    readonly requestId: Id<'req'>;
  },
): Promise<Vouching> {
  const { caller } = input;
  const { people, rows, storage } = desk.own;
  const { db } = storage;
  const { as, found, subject } = await findAsked(desk, input);
  const { recovery } = found.row;
  const expiresAt = new Date(desk.own.clock.now() + CEREMONY_MS);
  const signed = writeVouchContext(
    contextOf(desk.own, { recovery, as, caller, subject, expiresAt: expiresAt.toISOString() }),
  );
  const challenge = challengeOf(signed);
  const ceremonyId = newId('cas', desk.own);
  await rows.ceremonies.begin(db, {
    ceremonyId,
    kind: 'vouch',
    boundTo: caller.sessionId,
    recoveryId: recovery.recoveryId,
    challenge,
    context: signed,
    expiresAt,
  });
  const own = await people.listOf(db, caller.subjectId);
  return {
    ceremonyId,
    publicKey: assertionOptions({
      rpId: desk.own.rpId,
      challenge,
      allow: own.map(({ credentialId }) => credentialId),
      timeoutMs: CEREMONY_MS,
    }),
    expiresAt: expiresAt.toISOString(),
    recoveryId: recovery.recoveryId,
    realm: found.context.realm,
    displayName: subject.displayName,
    desk: subject.desk,
    as,
    startedAt: new Date(recovery.startedAtMs).toISOString(),
  };
}

/** Whom the code is of, if the caller may vouch for them; wrong ones are counted. */
async function findAsked(
  desk: VouchingDesk,
  input: {
    readonly caller: VouchCaller;
    readonly matchingCode: string;
    readonly requestId: Id<'req'>;
  },
) {
  const { caller, matchingCode, requestId } = input;
  const { clock, rows, storage } = desk.own;
  const { db } = storage;
  const at = new Date(clock.now());
  const key = `vouch:${caller.subjectId}`;
  const since = new Date(at.getTime() - WINDOW_MS);
  if ((await rows.passing.countTries(db, key, since)) >= WRONG_CODES_MAX) {
    throw new ProblemError('request.too-many');
  }
  const found = await findByCode(desk, db, matchingCode);
  const as = found && vouchesAs(found.row.recovery, caller);
  const subject =
    found && as ? await found.context.people.find(db, found.row.recovery.subjectId) : undefined;
  if (found && as && subject) return { as, found, subject };
  await rows.passing.noteTry(db, { attemptId: requestId, key, at });
  const because = found ? 'not-theirs-to-vouch' : 'code-unknown';
  const subjects = { actor: caller.subjectId };
  await recordRefusal(desk.own, { step: 'vouch', because, key, row: found?.row, subjects });
  throw new ProblemError('recovery.not-asked');
}

async function findByCode(
  { realms }: VouchingDesk,
  db: Db,
  matchingCode: string,
): Promise<{ readonly row: RecoveryRow; readonly context: Context } | undefined> {
  for (const context of realms) {
    const row = await context.rows.recoveries.findByCode(db, matchingCode);
    if (row) return { row, context };
  }
  return undefined;
}

function contextOf(
  context: Context,
  of: {
    readonly recovery: Recovery;
    readonly as: 'contact' | 'officer';
    readonly caller: VouchCaller;
    readonly subject: { readonly displayName: string };
    readonly expiresAt: string;
  },
): VouchContext {
  const { as, caller, expiresAt, recovery, subject } = of;
  return {
    v: 1,
    purpose: 'vouch-for-recovery',
    tenant: context.tenant,
    realm: context.origin,
    recoveryId: recovery.recoveryId,
    subjectId: recovery.subjectId,
    subjectName: subject.displayName,
    voucherId: caller.subjectId,
    as,
    nonce: newSecret(context),
    expiresAt,
  };
}
