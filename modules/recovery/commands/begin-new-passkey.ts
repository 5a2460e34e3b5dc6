import { ceremonyUserHandle, registrationOptions } from '@proofline/assurance';
import { newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { findInBrowser, progressOf } from './find-in-browser.ts';

/**
 * Options for the new passkey, in the browser that began, once the wait is over.
 *
 * @throws ProblemError `recovery.unknown`, `recovery.not-ready`
 */
export async function beginNewPasskey(
  context: Context,
  browserSecret: string | undefined,
): Promise<CeremonyOptions> {
  const { db } = context.storage;
  const row = await findInBrowser(context, db, browserSecret);
  const { browser, recoveryId, subjectId } = row.recovery;
  const user = await context.people.userOf(db, subjectId);
  if (!row.isReal || !user || progressOf(context, row).state !== 'ready') {
    throw new ProblemError('recovery.not-ready');
  }
  const challenge = newSecret(context);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  await context.rows.ceremonies.begin(db, {
    ceremonyId,
    kind: 'registration',
    boundTo: browser,
    recoveryId,
    challenge,
    context: undefined,
    expiresAt,
  });
  const publicKey = registrationOptions({
    rp: { id: context.rpId, name: context.companyName },
    user: {
      handle: ceremonyUserHandle(user.handle, ceremonyId),
      name: user.displayName,
      displayName: user.displayName,
    },
    challenge,
    // Those that are lost may lie in this very device: what they are worth ends anyway.
    exclude: [],
    attestation: 'direct',
    isBroughtAlong: user.isBroughtAlong,
    timeoutMs: CEREMONY_MS,
  });
  return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
}
