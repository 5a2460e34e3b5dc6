import { assertionOptions } from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type StaffCaller, type Vouching } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { isOfficer } from '../domain/people.ts';
import type { Recovery } from '../domain/recovery.ts';
import { challengeOf, writeVouchContext, type VouchContext } from '../domain/vouch-context.ts';
import { recordRefusal } from './refuse.ts';

const WRONG_CODES_MAX = 5;
const WINDOW_MS = 10 * 60 * 1000;

/** As what somebody may vouch: as the contact whom the subject chose, else by their office. */
export function vouchesAs(
  recovery: Recovery,
  who: { readonly subjectId: Id<'stf'>; readonly roles: StaffCaller['roles'] },
): 'contact' | 'officer' | undefined {
  if (recovery.subjectId === who.subjectId) return undefined;
  if (recovery.contacts.includes(who.subjectId)) return 'contact';
  return who.roles.some(isOfficer) ? 'officer' : undefined;
}

/**
 * What the caller is asked to sign, found by the code that the subject says to them in person. A code
 * that nobody has, and one of somebody for whom the caller cannot vouch, are the same (P9).
 *
 * @throws ProblemError `recovery.not-asked`, `request.too-many`
 */
export async function beginVouching(
  context: Context,
  input: {
    readonly caller: StaffCaller;
    readonly matchingCode: string;
    readonly requestId: Id<'req'>;
  },
): Promise<Vouching> {
  const { caller, matchingCode, requestId } = input;
  const { people, rows, storage } = context;
  const { db } = storage;
  const at = new Date(context.clock.now());
  const key = `vouch:${caller.subjectId}`;
  const since = new Date(at.getTime() - WINDOW_MS);
  if ((await rows.passing.countTries(db, key, since)) >= WRONG_CODES_MAX) {
    throw new ProblemError('request.too-many');
  }
  const row = await rows.recoveries.findByCode(db, matchingCode);
  const as = row && vouchesAs(row.recovery, caller);
  const subject = row && as ? await people.find(db, row.recovery.subjectId) : undefined;
  if (!row || !as || !subject) {
    await rows.passing.noteTry(db, { attemptId: requestId, key, at });
    const because = row ? 'not-theirs-to-vouch' : 'code-unknown';
    const subjects = { actor: caller.subjectId };
    await recordRefusal(context, { step: 'vouch', because, key, row, subjects });
    throw new ProblemError('recovery.not-asked');
  }
  const { recovery } = row;
  const expiresAt = new Date(at.getTime() + CEREMONY_MS);
  const signed = writeVouchContext(
    contextOf(context, { recovery, as, caller, subject, expiresAt: expiresAt.toISOString() }),
  );
  const challenge = challengeOf(signed);
  const ceremonyId = newId('cas', context);
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
      rpId: context.rpId,
      challenge,
      allow: own.map(({ credentialId }) => credentialId),
      timeoutMs: CEREMONY_MS,
    }),
    expiresAt: expiresAt.toISOString(),
    recoveryId: recovery.recoveryId,
    displayName: subject.displayName,
    desk: subject.desk,
    as,
    startedAt: new Date(recovery.startedAtMs).toISOString(),
  };
}

function contextOf(
  context: Context,
  of: {
    readonly recovery: Recovery;
    readonly as: 'contact' | 'officer';
    readonly caller: StaffCaller;
    readonly subject: { readonly displayName: string };
    readonly expiresAt: string;
  },
): VouchContext {
  const { as, caller, expiresAt, recovery, subject } = of;
  return {
    v: 1,
    purpose: 'vouch-for-recovery',
    tenant: context.tenant,
    realm: context.staffOrigin,
    recoveryId: recovery.recoveryId,
    subjectId: recovery.subjectId,
    subjectName: subject.displayName,
    voucherId: caller.subjectId,
    as,
    nonce: newSecret(context),
    expiresAt,
  };
}
