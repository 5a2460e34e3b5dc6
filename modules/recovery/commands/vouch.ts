import { keptAssertion, verifyAssertion, type AssertionResult } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson, type StaffCaller } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { momentOf, type Context } from '../context.ts';
import { advance } from '../domain/advance.ts';
import { challengeOf, VouchContext } from '../domain/vouch-context.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import type { StaffPasskey } from '../types.ts';
import { announce, keepStep } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';
import { isAsRecorded } from './trust-row.ts';

interface Vouched {
  readonly caller: StaffCaller;
  readonly row: RecoveryRow;
  readonly signed: VouchContext;
  readonly passkey: StaffPasskey;
  readonly result: AssertionResult;
  readonly answer: CredentialJson;
  readonly decisionEvidenceId: Id<'evt'>;
}

/** What whoever stands beside the subject is told, where it helps them to go on. */
const details: Readonly<Record<string, string>> = {
  'counts-once': 'You have signed already. Another person is needed.',
  'officer-holds-hardware': 'An officer signs with a hardware-held passkey.',
  'officers-differ': 'The second officer must be of another desk or of another role.',
  'outside-support': 'Your role has changed: you can no longer be a recovery contact.',
};

/**
 * A colleague signs, with their own passkey, that the subject stands before them.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `recovery.not-asked`
 */
export async function vouch(
  context: Context,
  input: {
    readonly caller: StaffCaller;
    readonly answer: CredentialJson;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<void> {
  const { answer, caller } = input;
  const { rows, storage } = context;
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId: answer.ceremonyId,
      kind: 'vouch',
      boundTo: caller.sessionId,
      at: new Date(context.clock.now()),
    }),
  );
  const row = ceremony && (await rows.recoveries.findById(storage.db, ceremony.recoveryId));
  if (!ceremony?.context || !row) throw new ProblemError('ceremony.expired');
  const own = await context.people.listOf(storage.db, caller.subjectId);
  const passkey = own.find(({ credentialId }) => credentialId === answer.credential.id);
  const verified = passkey && (await verify(context, { answer, passkey, text: ceremony.context }));
  if (!passkey || !verified?.ok) {
    const because = verified?.ok === false ? verified.error.code : 'not-their-passkey';
    await refuse(context, { caller, row, because });
    throw new ProblemError('ceremony.refused', { internal: because });
  }
  const signed = VouchContext.parse(JSON.parse(ceremony.context));
  const vouched = { ...input, row, signed, passkey, result: verified.value };
  const outcome = (await isAsRecorded(context, row))
    ? await storage.transaction((tx) => take(context, tx, vouched))
    : { because: 'differs-from-evidence' };
  if ('because' in outcome) {
    const { because } = outcome;
    await refuse(context, { caller, row, because });
    const detail = details[because];
    throw new ProblemError('recovery.not-asked', { internal: because, ...(detail && { detail }) });
  }
  await context.ledger.durable(outcome.evidenceId);
  announce(context, row.recovery);
}

function verify(
  context: Context,
  given: { readonly answer: CredentialJson; readonly passkey: StaffPasskey; readonly text: string },
) {
  return verifyAssertion({
    credential: given.answer.credential,
    expected: {
      challenge: challengeOf(given.text),
      origin: context.staffOrigin,
      rpId: context.rpId,
      userHandle: given.passkey.userHandle,
    },
    stored: given.passkey,
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
}

async function take(
  context: Context,
  tx: Db,
  vouched: Vouched,
): Promise<{ readonly because: string } | { readonly evidenceId: Id<'evt'> }> {
  const { caller, passkey, result, row, signed } = vouched;
  const voucher = await context.people.find(tx, caller.subjectId);
  const role = voucher?.active ? voucher.roles[0] : undefined;
  if (!voucher || role === undefined) return { because: 'voucher-left' };
  const acr = result.acr === 'phrh' && passkey.atMost !== 'phr' ? 'phrh' : 'phr';
  const { as, recoveryId, subjectId } = signed;
  const next = advance(
    row.recovery,
    {
      kind: 'vouch',
      by: caller.subjectId,
      as,
      role,
      desk: voucher.desk,
      acr,
      signedFor: { recoveryId, subjectId },
    },
    momentOf(context),
  );
  if (!next.ok) return { because: next.error };
  const at = new Date(context.clock.now());
  const use = { counter: result.counter, backedUp: result.backedUp, acr, at } as const;
  // Of two equal answers one is a clone's.
  if (!(await context.people.noteUse(tx, passkey, use))) return { because: 'counter-regressed' };
  const evidenceId = await keepStep(context, tx, {
    row,
    step: next.value,
    entry: {
      kind: 'recovery.proof-given',
      causes: [passkey.evidenceId, vouched.decisionEvidenceId],
      refs: { authenticatorId: passkey.authenticatorId, sessionId: caller.sessionId },
      subjects: { actor: caller.subjectId },
      facts: { proof: as, role, acr },
      personal: [
        {
          subject: caller.subjectId,
          retention: 'identity',
          fields: { assertion: proofOf(context, vouched) },
        },
      ],
    },
  });
  return { evidenceId };
}

/** What was signed and by which key: whoever doubts it verifies it again, without us. */
function proofOf(context: Context, { answer, passkey, signed }: Vouched) {
  const { rpId, staffOrigin: origin } = context;
  return keptAssertion(answer.credential, { context: { ...signed }, key: passkey, rpId, origin });
}

function refuse(
  context: Context,
  refused: {
    readonly caller: StaffCaller;
    readonly row: RecoveryRow;
    readonly because: string;
  },
): Promise<void> {
  const { because, caller, row } = refused;
  const subjects = { actor: caller.subjectId };
  return recordRefusal(context, { step: 'vouch', because, key: caller.subjectId, row, subjects });
}
