import {
  verifyAssertion,
  type AssertionResult,
  type CeremonyRefusal,
  lowerAcr,
} from '@proofline/assurance';
import { ok, type Id, type JsonObject, type Result } from '@proofline/kernel';
import {
  ProblemError,
  type Acr,
  type CredentialJson,
  type HttpExchange,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { decoyCredential } from '../domain/decoy-credential.ts';
import { signInRefusal, toldOf, type SignInRefusal } from '../domain/sign-in-refusal.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { isRecovered } from '../store/staff-rows.ts';
import { noteUse } from './note-use.ts';
import { labelOf } from './own-set.ts';

interface SignInInput {
  readonly http: HttpExchange;
  readonly uid: string;
  readonly answer: CredentialJson;
}

/**
 * Signs a colleague in, or proves them again, by their passkey.
 *
 * An unknown credential, a bad signature, somebody else's passkey in a step-up and an account that
 * nobody confirmed get the same answer (P9); the evidence says which it was. In a step-up, whoever proved
 * that the passkey is theirs is told that it is too weak.
 *
 * @throws ProblemError `signin.unknown`, `ceremony.expired`, `ceremony.refused`
 */
export async function signIn(
  context: Context,
  input: SignInInput,
): Promise<{ readonly redirectTo: string }> {
  const { answer, http, uid } = input;
  const { rows, storage } = context;
  const prompt = await context.signInFlow.prompt(http, uid);
  const at = new Date(context.clock.now());
  const { ceremonyId } = answer;
  const ceremony = await rows.ceremonies.take(storage.byKey, {
    ceremonyId,
    kind: 'sign-in',
    boundTo: uid,
    at,
  });
  if (!ceremony || ceremony.subjectId !== prompt.subjectId) {
    throw new ProblemError('ceremony.expired');
  }
  const stored = await rows.authenticators.findByCredentialId(storage.byKey, answer.credential.id);
  const owner = stored && (await rows.staff.findById(storage.byKey, stored.subjectId));
  const isStepUp = prompt.subjectId !== undefined;
  const { challenge } = ceremony;
  const verified = capped(await verify(context, { answer, stored, challenge, isStepUp }), {
    atMost: stored?.atMost,
    isRecovered: owner !== undefined && isRecovered(owner, at.getTime()),
  });
  const because = signInRefusal({
    isKnownCredential: stored !== undefined,
    verified,
    owner: owner && { subjectId: owner.subjectId, isActive: owner.state === 'active' },
    onlySubject: prompt.subjectId,
    acr: prompt.acr,
  });
  if (because !== undefined) {
    return refuse(context, { because, stored, told: toldOf(because, isStepUp) });
  }
  // Both hold by now; said again for the compiler, and because this is the door.
  if (!stored || !owner || !verified.ok)
    return refuse(context, { because: 'unknown-credential', stored });
  const { acr, amr, backedUp, counter } = verified.value;
  const use = { counter, backedUp, countsAs: acr, at };
  const note = (db: Db) => noteUse(context, db, { stored, use });
  // Where the level stays what it was, it is one statement, which excludes a second use by itself.
  const isFirst = await (acr === stored.countsAs ? note(storage.db) : storage.transaction(note));
  if (!isFirst) return refuse(context, { because: 'counter-regressed', stored });
  const { authenticatorId, evidenceId: authenticatorEvidenceId, subjectId } = stored;
  const { roleEvidenceId } = owner;
  const login = { subjectId, acr, amr, authenticatorId, authenticatorEvidenceId, roleEvidenceId };
  return context.signInFlow.finish(http, uid, login);
}

function verify(
  context: Context,
  given: {
    readonly answer: CredentialJson;
    readonly stored: AuthenticatorRow | undefined;
    readonly challenge: string;
    readonly isStepUp: boolean;
  },
) {
  const { credential } = given.answer;
  const stored =
    given.stored ?? decoyCredential(credential.id, credential.response.userHandle ?? '');
  const { rpId, staffOrigin: origin, attestationPolicy: policy } = context;
  return verifyAssertion({
    credential,
    expected: {
      challenge: given.challenge,
      origin,
      rpId,
      // In a step-up the subject is known (`other-subject` sees to that), so the handle may be absent.
      ...(given.isStepUp && { userHandle: stored.userHandle }),
    },
    stored,
    policy,
    nowMs: context.clock.now(),
  });
}

/** An authenticator counts as no more than the one that vouched for it; after a recovery, as `phr`. */
function capped(
  verified: Result<AssertionResult, CeremonyRefusal>,
  {
    atMost,
    isRecovered: isCapped,
  }: { readonly atMost: Acr | undefined; readonly isRecovered: boolean },
): Result<AssertionResult, CeremonyRefusal> {
  if (!verified.ok) return verified;
  const acr = isCapped ? 'phr' : lowerAcr(verified.value.acr, atMost);
  return ok({ ...verified.value, acr });
}

async function refuse(
  context: Context,
  refused: {
    readonly because: SignInRefusal;
    readonly stored: AuthenticatorRow | undefined;
    readonly told?: string | undefined;
  },
): Promise<never> {
  const { because, stored, told } = refused;
  const key: Id<'stf'> | 'unknown' = stored?.subjectId ?? 'unknown';
  const granted = context.budget.take(`sign-in:${key}`);
  if (granted) {
    const { suppressed } = granted;
    const facts: JsonObject = {
      realm: 'workforce',
      because,
      ...(suppressed > 0 && { suppressed }),
    };
    await context.storage.transaction(async (tx) => {
      const evidenceId = await context.ledger.record(tx, {
        kind: 'session.refused',
        facts,
        ...(stored && {
          causes: [stored.evidenceId],
          refs: { authenticatorId: stored.authenticatorId },
          subjects: { actor: stored.subjectId },
        }),
      });
      if (!stored) return;
      const { subjectId } = stored;
      const at = new Date(context.clock.now());
      const line = { kind: 'refused', tried: 'sign-in', label: labelOf(stored) } as const;
      await context.rows.history.add(tx, { ...line, evidenceId, subjectId, at });
    });
  }
  throw new ProblemError('ceremony.refused', {
    internal: because,
    ...(told !== undefined && { detail: told }),
  });
}
