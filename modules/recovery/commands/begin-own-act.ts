import { assertionOptions } from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import type { CeremonyOptions, RecoveryAct } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { writeOwnActContext, type OwnActContext, type SignedAct } from '../domain/own-act.ts';
import { challengeOf } from '../domain/vouch-context.ts';
import { findInvitation } from './find-invitation.ts';

/** The customer in their own session: the only person whom an act can be about. */
export interface CustomerInSession {
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
}

/**
 * Begins what a customer lays by or undoes: the options ask for a passkey of theirs over this very act.
 *
 * @throws ProblemError `recovery.invitation-dead`
 */
export async function beginOwnAct(
  context: Context,
  { act, caller }: { readonly caller: CustomerInSession; readonly act: RecoveryAct },
): Promise<CeremonyOptions> {
  const { people, rows, storage } = context;
  const { customerId, sessionId } = caller;
  const nowMs = context.clock.now();
  const expiresAt = new Date(nowMs + CEREMONY_MS);
  const signed: OwnActContext = {
    v: 1,
    purpose: 'own-recovery-act',
    tenant: context.tenant,
    realm: context.origin,
    customerId,
    sessionId,
    act: await signedActOf(context, act),
    nonce: newSecret(context),
    expiresAt: expiresAt.toISOString(),
  };
  const text = writeOwnActContext(signed);
  const challenge = challengeOf(text);
  const ceremonyId = newId('cas', context);
  await rows.ceremonies.begin(storage.db, {
    ceremonyId,
    kind: 'own-act',
    boundTo: sessionId,
    recoveryId: undefined,
    challenge,
    context: text,
    expiresAt,
  });
  const own = await people.listOf(storage.db, customerId);
  return {
    ceremonyId,
    publicKey: assertionOptions({
      rpId: context.rpId,
      challenge,
      allow: own.map(({ credentialId }) => credentialId),
      timeoutMs: CEREMONY_MS,
    }),
    expiresAt: expiresAt.toISOString(),
  };
}

async function signedActOf(context: Context, act: RecoveryAct): Promise<SignedAct> {
  if (act.kind !== 'accept-contact') return act;
  const { customerId, digest } = await findInvitation(context, act.secret);
  return { kind: 'accept-contact', invitation: digest, forCustomer: customerId };
}
