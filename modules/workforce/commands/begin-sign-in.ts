import { assertionOptions } from '@proofline/assurance';
import { newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions, type HttpExchange } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { isBroughtAlong } from '../domain/brought-along.ts';

/**
 * Options for a sign-in. A login names nobody: whichever discoverable passkey the person picks. A
 * step-up names the signed-in subject's own, and only that subject may answer.
 *
 * @throws ProblemError `signin.unknown`
 */
export async function beginSignIn(
  context: Context,
  { http, uid }: { readonly http: HttpExchange; readonly uid: string },
): Promise<CeremonyOptions> {
  const { subjectId } = await context.signInFlow.prompt(http, uid);
  const { db } = context.storage;
  const own = subjectId ? await context.rows.authenticators.listOf(db, subjectId) : [];
  // An empty list would mean «any passkey»: never in a step-up.
  if (subjectId && own.length === 0) throw new ProblemError('signin.unknown');
  const staff = subjectId && (await context.rows.staff.findById(context.storage.byKey, subjectId));
  const challenge = newSecret(context);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  await context.rows.ceremonies.replace(context.storage.byKey, {
    ceremonyId,
    kind: 'sign-in',
    boundTo: uid,
    subjectId,
    challenge,
    expiresAt,
  });
  const publicKey = assertionOptions({
    rpId: context.rpId,
    challenge,
    allow: own.map(({ credentialId }) => credentialId),
    timeoutMs: CEREMONY_MS,
    // Who signs in anew is known only by their answer.
    ...(staff && { isBroughtAlong: isBroughtAlong(context.deskModes, staff.desk) }),
  });
  return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
}
