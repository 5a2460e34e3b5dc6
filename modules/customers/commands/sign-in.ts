import {
  assertionOptions,
  lowerAcr,
  verifyAssertion,
  type AssertionResult,
} from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions, type CredentialJson } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import type { CustomerCredential } from '../types.ts';
import { capOf } from './counting-credentials.ts';
import { labelOf } from './own-set.ts';
import { CEREMONY_MS } from './enrolment-options.ts';

/** A started session: what the cookie needs. */
export interface SignedIn {
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
  readonly cookieSecret: string;
  readonly maxAgeSeconds: number;
}

/** Options for a sign-in with whichever discoverable passkey the person picks: nobody is named. */
export async function signInOptions(context: Context): Promise<CeremonyOptions> {
  const challenge = newSecret(context);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  await context.storage.transaction((tx) =>
    context.rows.ceremonies.insert(tx, { ceremonyId, kind: 'sign-in', challenge, expiresAt }),
  );
  const publicKey = assertionOptions({
    rpId: context.rpId,
    challenge,
    allow: [],
    timeoutMs: CEREMONY_MS,
  });
  return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
}

/**
 * Signs a customer in by their passkey. An unknown credential and a bad signature get the same
 * answer (P9); the evidence says which it was.
 */
export async function signIn(context: Context, answer: CredentialJson): Promise<SignedIn> {
  const ceremony = await context.storage.transaction((tx) =>
    context.rows.ceremonies.take(tx, {
      ceremonyId: answer.ceremonyId,
      kind: 'sign-in',
      at: new Date(context.clock.now()),
    }),
  );
  if (!ceremony) throw new ProblemError('ceremony.expired');
  const stored = await context.rows.authenticators.findByCredentialId(
    context.storage.db,
    answer.credential.id,
  );
  if (!stored) return refuseSignIn(context, { because: 'unknown-credential' });
  const verified = await verifyAssertion({
    credential: answer.credential,
    expected: {
      challenge: ceremony.challenge,
      origin: context.customersOrigin,
      rpId: context.rpId,
    },
    stored,
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) return refuseSignIn(context, { because: verified.error.code, stored });
  return start(context, stored, verified.value);
}

async function start(
  context: Context,
  stored: CustomerCredential,
  result: AssertionResult,
): Promise<SignedIn> {
  const { customerId, authenticatorId } = stored;
  return context.storage.transaction(async (tx) => {
    const { backedUp, counter } = result;
    const at = new Date(context.clock.now());
    await context.rows.authenticators.recordUse(tx, stored, { counter, backedUp, at });
    const session = await context.customerSessions.start(tx, {
      customerId,
      acr: lowerAcr(result.acr, (await capOf(context, tx, customerId)) ?? stored.atMost),
      authenticatorId,
      authenticatorEvidenceId: stored.evidenceId,
    });
    return { customerId, ...session };
  });
}

/** Whoever is refused at a sign-in learns nothing; the evidence and the customer’s history say why. */
export async function refuseSignIn(
  context: Context,
  refused: { readonly because: string; readonly stored?: CustomerCredential },
): Promise<never> {
  const { stored } = refused;
  const granted = context.budget.take(`sign-in:${stored?.authenticatorId ?? 'unknown'}`);
  if (!granted) throw new ProblemError('ceremony.refused', { internal: refused.because });
  await context.storage.transaction(async (tx) => {
    const evidenceId = await context.ledger.record(tx, {
      kind: 'session.refused',
      facts: {
        realm: 'customers',
        because: refused.because,
        ...(granted.suppressed > 0 && granted),
      },
      ...(stored && {
        causes: [stored.evidenceId],
        refs: { authenticatorId: stored.authenticatorId },
        subjects: { customer: stored.customerId },
      }),
    });
    if (!stored) return;
    const { customerId } = stored;
    const at = new Date(context.clock.now());
    const line = { kind: 'refused', tried: 'sign-in', label: labelOf(stored) } as const;
    await context.rows.history.add(tx, { ...line, evidenceId, customerId, at });
  });
  throw new ProblemError('ceremony.refused', { internal: refused.because });
}
