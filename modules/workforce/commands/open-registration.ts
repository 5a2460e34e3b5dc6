import { ceremonyUserHandle, registrationOptions, lowerAcr } from '@proofline/assurance';
import { canonicalJson, newId } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { isBroughtAlong } from '../domain/brought-along.ts';
import { readOwn } from './own-set.ts';
import type { Committed, ProvedAct } from './proved-act.ts';

/**
 * One of the subject's own has vouched for another: options for registering that one, in this
 * session, within five minutes. What vouched, and how strongly, goes along (RFC 9470: max_age 300).
 */
export async function openRegistration(
  context: Context,
  tx: Db,
  { act, caller, proof, prover, result }: ProvedAct<'add'>,
): Promise<Committed> {
  const { rows, staff } = await readOwn(context, tx, caller.subjectId);
  const challenge = newSecret(context);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  await context.rows.ceremonies.replace(tx, {
    ceremonyId,
    kind: 'own-registration',
    boundTo: caller.sessionId,
    subjectId: caller.subjectId,
    challenge,
    purpose: canonicalJson({
      label: act.label,
      vouchedBy: prover.authenticatorId,
      atMost: lowerAcr(result.acr, prover.atMost),
      proof: { ...proof },
    }),
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
    // The same device twice would be one door with two names.
    exclude: rows.map(({ credentialId }) => credentialId),
    attestation: 'direct',
    isBroughtAlong: isBroughtAlong(context.deskModes, staff.desk),
    timeoutMs: CEREMONY_MS,
  });
  return { registration: { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() } };
}
