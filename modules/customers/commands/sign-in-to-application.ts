import {
  assertionOptions,
  keptAssertion,
  lowerAcr,
  verifyAssertion,
  type AssertionResult,
} from '@proofline/assurance';
import { canonicalJson, newId } from '@proofline/kernel';
import {
  ProblemError,
  type CeremonyOptions,
  type CredentialJson,
  type HttpExchange,
} from '@proofline/protocol';
import { z } from 'zod';
import { newSecret, type Context } from '../context.ts';
import {
  challengeOf,
  pageOf,
  type ApplicationSignInContext,
} from '../domain/application-sign-in-context.ts';
import type { CustomerCredential } from '../types.ts';
import { capOf } from './counting-credentials.ts';
import { CEREMONY_MS } from './enrolment-options.ts';
import { refuseSignIn } from './sign-in.ts';

interface AtPage {
  readonly http: HttpExchange;
  readonly uid: string;
}

/**
 * Options for whichever discoverable passkey the person picks: nobody is named. The challenge is over the
 * application and what it learns; whoever saw other terms begins anew.
 *
 * @throws ProblemError `signin.unknown`
 */
export async function beginApplicationSignIn(
  context: Context,
  { http, termsSeen, uid }: AtPage & { readonly termsSeen: string },
): Promise<CeremonyOptions> {
  const { terms, termsDigest } = await context.customerSignInFlow.prompt(http, uid);
  if (termsSeen !== termsDigest) throw new ProblemError('signin.unknown');
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  const signed: ApplicationSignInContext = {
    version: 1,
    purpose: 'sign-in-to-application',
    tenant: context.tenant,
    realm: 'customers',
    rpId: context.rpId,
    page: pageOf(uid),
    terms,
    nonce: newSecret(context),
    expiresAt: expiresAt.toISOString(),
  };
  const challenge = challengeOf(signed);
  const ceremonyId = newId('cas', context);
  await context.rows.ceremonies.insert(context.storage.db, {
    ceremonyId,
    kind: 'application',
    challenge,
    purpose: canonicalJson({ signed, termsDigest }),
    expiresAt,
  });
  const { rpId } = context;
  const publicKey = assertionOptions({ rpId, challenge, allow: [], timeoutMs: CEREMONY_MS });
  return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
}

const Kept = z.object({
  signed: z.object({ page: z.string() }).catchall(z.json()),
  termsDigest: z.string(),
});

/**
 * Signs a customer in to an application, and notes what they agreed to, by one assertion. An unknown
 * credential and a bad signature get the same answer (P9); the evidence says which it was.
 *
 * @throws ProblemError `signin.unknown`, `ceremony.expired`, `ceremony.refused`
 */
export async function signInToApplication(
  context: Context,
  { answer, http, uid }: AtPage & { readonly answer: CredentialJson },
) {
  const { customerSignInFlow, rows, storage } = context;
  // First: a ceremony is not used up by whoever has no page.
  await customerSignInFlow.prompt(http, uid);
  const at = new Date(context.clock.now());
  const { ceremonyId } = answer;
  const ceremony = await rows.ceremonies.take(storage.db, { ceremonyId, kind: 'application', at });
  const kept = ceremony && Kept.parse(JSON.parse(ceremony.purpose));
  if (!kept || kept.signed.page !== pageOf(uid)) throw new ProblemError('ceremony.expired');
  const { stored, result } = await verify(context, answer, ceremony.challenge);
  const { authenticatorId, customerId, evidenceId: authenticatorEvidenceId } = stored;
  const { customersOrigin: origin, rpId } = context;
  const signed = canonicalJson(kept.signed);
  return customerSignInFlow.finish(http, uid, {
    customerId,
    acr: lowerAcr(result.acr, (await capOf(context, storage.db, customerId)) ?? stored.atMost),
    amr: result.amr,
    authenticatorId,
    authenticatorEvidenceId,
    termsDigest: kept.termsDigest,
    proof: keptAssertion(answer.credential, { context: signed, key: stored, rpId, origin }),
    noteUse: async (tx) => {
      const { backedUp, counter } = result;
      const isThere = await rows.authenticators.recordUse(tx, stored, { counter, backedUp, at });
      if (!isThere) throw new ProblemError('ceremony.refused', { internal: 'removed' });
    },
  });
}

async function verify(
  context: Context,
  { credential }: CredentialJson,
  challenge: string,
): Promise<{ readonly stored: CustomerCredential; readonly result: AssertionResult }> {
  const { attestationPolicy: policy, customersOrigin: origin, rpId, rows, storage } = context;
  const stored = await rows.authenticators.findByCredentialId(storage.db, credential.id);
  if (!stored) return refuseSignIn(context, { because: 'unknown-credential' });
  const verified = await verifyAssertion({
    credential,
    expected: { challenge, origin, rpId },
    stored,
    policy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) return refuseSignIn(context, { because: verified.error.code, stored });
  return { stored, result: verified.value };
}
