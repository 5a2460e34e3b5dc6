import { keptAssertion, verifyAssertion, type AssertionResult } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { momentOf, type Context } from '../context.ts';
import { advance } from '../domain/advance.ts';
import { challengeOf, VouchContext } from '../domain/vouch-context.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import type { Passkey } from '../types.ts';
import type { VouchCaller, VouchingDesk } from './begin-vouching.ts';
import { announce, keepStep } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';
import { isAsRecorded } from './trust-row.ts';

interface Vouched {
  readonly caller: VouchCaller;
  readonly row: RecoveryRow;
  readonly signed: VouchContext;
  readonly passkey: Passkey;
  readonly result: AssertionResult;
  readonly answer: CredentialJson;
  /** The entry of the decision that permitted it; a customer’s page asks for none. */
  readonly decisionEvidenceId: Id<'evt'> | undefined;
}

/** The realm of whoever signs, and that of whom they sign for. */
interface Between {
  readonly own: Context;
  readonly of: Context;
}

/** What whoever stands beside the subject is told, where it helps them to go on. */
const details: Readonly<Record<string, string>> = {
  'counts-once': 'You have signed already. Another person is needed.',
  'officer-holds-hardware': 'An officer signs with a hardware-held passkey.',
  'officers-differ': 'The second officer must be of another desk or of another role.',
  'outside-support': 'Your role has changed: you can no longer be a recovery contact.',
  'stands-by-itself': 'Your own account was recovered within the last seven days.',
};

/**
 * Somebody signs, with their own passkey, that the subject stands before them.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `recovery.not-asked`
 */
export async function vouch(
  desk: VouchingDesk,
  input: {
    readonly caller: VouchCaller;
    readonly answer: CredentialJson;
    readonly decisionEvidenceId: Id<'evt'> | undefined;
  },
): Promise<void> {
  const { answer, caller } = input;
  const { people, storage } = desk.own;
  const { of, row, text } = await takeCeremony(desk, input);
  const between: Between = { own: desk.own, of };
  const own = await people.listOf(storage.db, caller.subjectId);
  const passkey = own.find(({ credentialId }) => credentialId === answer.credential.id);
  const verified = passkey && (await verify(desk.own, { answer, passkey, text }));
  if (!passkey || !verified?.ok) {
    const because = verified?.ok === false ? verified.error.code : 'not-their-passkey';
    await refuse(of, { caller, row, because });
    throw new ProblemError('ceremony.refused', { internal: because });
  }
  const signed = VouchContext.parse(JSON.parse(text));
  const vouched = { ...input, row, signed, passkey, result: verified.value };
  const outcome = (await isAsRecorded(of, row))
    ? await storage.transaction((tx) => take(between, tx, vouched))
    : { because: 'differs-from-evidence' };
  if ('because' in outcome) {
    const { because } = outcome;
    await refuse(of, { caller, row, because });
    const detail = details[because];
    throw new ProblemError('recovery.not-asked', { internal: because, ...(detail && { detail }) });
  }
  await of.ledger.durable(outcome.evidenceId);
  announce(of, row.recovery);
}

/** What was begun in this session, once. @throws ProblemError `ceremony.expired` */
async function takeCeremony(
  desk: VouchingDesk,
  { answer, caller }: { readonly answer: CredentialJson; readonly caller: VouchCaller },
) {
  const { clock, rows, storage } = desk.own;
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId: answer.ceremonyId,
      kind: 'vouch',
      boundTo: caller.sessionId,
      at: new Date(clock.now()),
    }),
  );
  if (!ceremony?.context || !ceremony.recoveryId) throw new ProblemError('ceremony.expired');
  const found = await findById(desk, storage.db, ceremony.recoveryId);
  if (!found) throw new ProblemError('ceremony.expired');
  return { ...found, text: ceremony.context };
}

async function findById({ realms }: VouchingDesk, db: Db, recoveryId: Id<'rcv'>) {
  for (const of of realms) {
    const row = await of.rows.recoveries.findById(db, recoveryId);
    if (row) return { of, row };
  }
  return undefined;
}

function verify(
  context: Context,
  given: { readonly answer: CredentialJson; readonly passkey: Passkey; readonly text: string },
) {
  return verifyAssertion({
    credential: given.answer.credential,
    expected: {
      challenge: challengeOf(given.text),
      origin: context.origin,
      rpId: context.rpId,
      userHandle: given.passkey.userHandle,
    },
    stored: given.passkey,
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
}

async function take(
  { of, own }: Between,
  tx: Db,
  vouched: Vouched,
): Promise<{ readonly because: string } | { readonly evidenceId: Id<'evt'> }> {
  const { caller, decisionEvidenceId, passkey, result, row, signed } = vouched;
  const voucher = await own.people.find(tx, caller.subjectId);
  const role = voucher?.active ? voucher.roles[0] : undefined;
  if (!voucher || role === undefined) return { because: 'voucher-left' };
  const acr = result.acr === 'phrh' && passkey.atMost !== 'phr' ? 'phrh' : 'phr';
  const { as, recoveryId, subjectId } = signed;
  const nowMs = of.clock.now();
  const next = advance(
    row.recovery,
    {
      kind: 'vouch',
      by: caller.subjectId,
      as,
      role,
      desk: voucher.desk,
      acr,
      isCapped: Date.parse(voucher.recoveredUntil ?? '') > nowMs,
      signedFor: { recoveryId, subjectId },
    },
    momentOf(of),
  );
  if (!next.ok) return { because: next.error };
  const at = new Date(nowMs);
  const use = { counter: result.counter, backedUp: result.backedUp, acr, at } as const;
  // Of two equal answers one is a clone's.
  if (!(await own.people.noteUse(tx, passkey, use))) return { because: 'counter-regressed' };
  const evidenceId = await keepStep(of, tx, {
    row,
    step: next.value,
    entry: {
      kind: 'recovery.proof-given',
      causes: [passkey.evidenceId, ...(decisionEvidenceId ? [decisionEvidenceId] : [])],
      refs: { authenticatorId: passkey.authenticatorId, sessionId: caller.sessionId },
      subjects: { actor: caller.subjectId },
      facts: { proof: as, role, acr },
      personal: [
        {
          subject: caller.subjectId,
          retention: 'identity',
          fields: { assertion: proofOf(own, vouched) },
        },
      ],
    },
  });
  return { evidenceId };
}

/** What was signed and by which key: whoever doubts it verifies it again, without us. */
function proofOf(context: Context, { answer, passkey, signed }: Vouched) {
  const { origin, rpId } = context;
  return keptAssertion(answer.credential, { context: { ...signed }, key: passkey, rpId, origin });
}

function refuse(
  context: Context,
  refused: {
    readonly caller: VouchCaller;
    readonly row: RecoveryRow;
    readonly because: string;
  },
): Promise<void> {
  const { because, caller, row } = refused;
  const subjects = { actor: caller.subjectId };
  return recordRefusal(context, { step: 'vouch', because, key: caller.subjectId, row, subjects });
}
