import { ceremonyUserHandle, registrationOptions } from '@proofline/assurance';
import { newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { isBroughtAlong } from '../domain/brought-along.ts';
import { findOnDevice } from './read-onboarding.ts';

/** Options for the first passkey of the colleague whose link this device opened. */
export async function beginRegistration(
  context: Context,
  deviceSecret: string | undefined,
): Promise<CeremonyOptions> {
  return context.storage.transaction(async (tx) => {
    const { row, staff } = await findOnDevice(context, tx, deviceSecret);
    if (row.onboarding.state !== 'opened') throw new ProblemError('onboarding.link-dead');
    const challenge = newSecret(context);
    const ceremonyId = newId('cas', context);
    const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
    await context.rows.ceremonies.replace(tx, {
      ceremonyId,
      kind: 'registration',
      boundTo: row.invitationId,
      subjectId: staff.subjectId,
      challenge,
      expiresAt,
    });
    const publicKey = registrationOptions({
      rp: { id: context.rpId, name: context.companyName },
      user: {
        handle: ceremonyUserHandle(staff.userHandle, ceremonyId),
        name: staff.displayName,
        displayName: staff.displayName,
      },
      challenge,
      exclude: [],
      // Staff's hardware may be asked what it is; that is what `phrh` rests on.
      attestation: 'direct',
      isBroughtAlong: isBroughtAlong(context.deskModes, staff.desk),
      timeoutMs: CEREMONY_MS,
    });
    return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
  });
}
