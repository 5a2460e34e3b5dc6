import {
  ceremonyUserHandle,
  verifyRegistration,
  type RegisteredCredential,
} from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson, type RecoveryProgress } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { isLeftBehind } from '@proofline/workforce';
import { momentOf, type Context } from '../context.ts';
import { advance } from '../domain/advance.ts';
import { CAP_MS } from '../domain/recovery.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { findInBrowser, progressOf } from './find-in-browser.ts';
import { announce, hasMoved, keepStep } from './keep-step.ts';
import { findLaidBy, type LaidBy } from './laid-by.ts';
import { voidCode } from './prepare.ts';
import { recordRefusal } from './refuse.ts';
import { isAsRecorded } from './trust-row.ts';

interface Completed {
  readonly row: RecoveryRow;
  readonly evidenceId: Id<'evt'>;
  readonly closeStreams: () => void;
}

/**
 * The subject is back in the browser that began: in one transaction the new passkey takes the place of
 * every other, every session and grant ends, and the account counts for less for seven days.
 *
 * @throws ProblemError `recovery.unknown`, `recovery.not-ready`, `ceremony.expired`, `ceremony.refused`
 */
export async function completeRecovery(
  context: Context,
  input: { readonly browserSecret: string | undefined; readonly answer: CredentialJson },
): Promise<RecoveryProgress> {
  const row = await findInBrowser(context, context.storage.db, input.browserSecret);
  const credential = await verify(context, { row, answer: input.answer });
  return replaceAll(context, { row, credential, browserSecret: input.browserSecret, tries: TRIES });
}

/**
 * The sweep notes each of its looks at what waits, and whoever comes back after days must not be told that it was
 * quicker: what has moved is read anew, and everything about it is asked again.
 */
const TRIES = 4;

async function replaceAll(
  context: Context,
  given: {
    readonly row: RecoveryRow;
    readonly credential: RegisteredCredential;
    readonly browserSecret: string | undefined;
    readonly tries: number;
  },
): Promise<RecoveryProgress> {
  const { storage } = context;
  const { browserSecret, credential, row, tries } = given;
  if (!(await isAsRecorded(context, row))) return refuse(context, row, 'differs-from-evidence');
  const laidBy = await findLaidBy(context, row.recovery.subjectId);
  const outcome = await storage
    .transaction((tx) => take(context, tx, { row, credential, laidBy }))
    .catch((error: unknown) => {
      if (tries > 1 && hasMoved(error)) return 'moved' as const;
      throw error;
    });
  if (outcome === 'moved') {
    const now = await findInBrowser(context, storage.db, browserSecret);
    // The passkey was made for that one, and for no other that the same browser begins.
    if (now.recovery.recoveryId !== row.recovery.recoveryId)
      throw new ProblemError('ceremony.expired');
    return replaceAll(context, { ...given, row: now, tries: tries - 1 });
  }
  if ('because' in outcome) return refuse(context, row, outcome.because);
  await context.ledger.durable(outcome.evidenceId);
  outcome.closeStreams();
  announce(context, outcome.row.recovery);
  return progressOf(context, outcome.row);
}

async function verify(
  context: Context,
  { answer, row }: { readonly row: RecoveryRow; readonly answer: CredentialJson },
): Promise<RegisteredCredential> {
  const { rows, storage } = context;
  const { browser, subjectId } = row.recovery;
  const { ceremonyId } = answer;
  const at = new Date(context.clock.now());
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, { ceremonyId, kind: 'registration', boundTo: browser, at }),
  );
  const user = await context.people.userOf(storage.db, subjectId);
  if (!ceremony || !user) throw new ProblemError('ceremony.expired');
  const verified = await verifyRegistration({
    credential: answer.credential,
    expected: {
      challenge: ceremony.challenge,
      origin: context.origin,
      rpId: context.rpId,
      userHandle: ceremonyUserHandle(user.handle, ceremonyId),
    },
    policy: context.attestationPolicy,
    nowMs: at.getTime(),
  });
  const isLeft = user.isBroughtAlong && isLeftBehind(answer);
  if (verified.ok && !isLeft) return verified.value;
  const because = verified.ok ? 'left-behind' : verified.error.code;
  await recordRefusal(context, { step: 'complete', because, key: row.recovery.recoveryId, row });
  throw new ProblemError('ceremony.refused', { internal: because });
}

async function take(
  context: Context,
  tx: Db,
  given: {
    readonly row: RecoveryRow;
    readonly credential: RegisteredCredential;
    readonly laidBy: LaidBy;
  },
): Promise<{ readonly because: string } | Completed> {
  const { credential, laidBy, row } = given;
  const { browser, recoveryId, subjectId, vouchers } = row.recovery;
  if ((await context.people.find(tx, subjectId))?.active !== true) return { because: 'not-active' };
  for (const { by } of vouchers) {
    // Whoever vouched and left meanwhile: `watch-recoveries.ts` takes their word away.
    if (!(await context.isThere(tx, by))) return { because: 'voucher-left' };
  }
  const next = advance(row.recovery, { kind: 'complete', browser }, momentOf(context));
  if (!next.ok) return { because: next.error };
  const authenticatorId = newId('ath', context);
  const { acr, attestationFormat, backupEligible, credentialId, publicKey, aaguid } = credential;
  const evidenceId = await keepStep(context, tx, {
    row,
    step: next.value,
    entry: {
      kind: 'recovery.completed',
      refs: { authenticatorId },
      subjects: { actor: subjectId },
      facts: { acr, backupEligible, attestationFormat, cappedDays: CAP_MS / 86_400_000 },
      personal: [
        {
          subject: subjectId,
          retention: 'identity',
          fields: { credential: { credentialId, publicKey, aaguid, rpId: context.rpId } },
        },
      ],
    },
  });
  const closeStreams = await context.people.recoverAccount(tx, {
    subjectId,
    recoveryId,
    authenticatorId,
    credential,
    evidenceId,
    cappedUntil: new Date(context.clock.now() + CAP_MS),
  });
  if (!closeStreams)
    // Thrown, so that nothing of it stays.
    throw new ProblemError('ceremony.refused', { internal: 'credential-taken' });
  await voidCode(context, tx, { subjectId, laidBy, cause: evidenceId });
  return { row: { ...row, recovery: next.value.recovery }, evidenceId, closeStreams };
}

async function refuse(context: Context, row: RecoveryRow, because: string): Promise<never> {
  await recordRefusal(context, { step: 'complete', because, key: row.recovery.recoveryId, row });
  throw new ProblemError('recovery.not-ready', { internal: because });
}
