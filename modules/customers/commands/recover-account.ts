import type { RegisteredCredential } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { labelOf } from './own-set.ts';

/** The new passkey of a customer whose recovery is complete. */
export interface RecoveredCustomer {
  readonly subjectId: Id<'cus'>;
  readonly recoveryId: Id<'rcv'>;
  readonly authenticatorId: Id<'ath'>;
  readonly credential: RegisteredCredential;
  /** The entry `recovery.completed`. */
  readonly evidenceId: Id<'evt'>;
  /** Until then the account counts for less. */
  readonly cappedUntil: Date;
}

/**
 * The last step of a recovery, in its transaction: the new passkey is the only one, whatever rested on
 * the others ends (sessions, proofs on live calls with their grants, what they agreed to with
 * applications), and the account counts for less for a while. Reached from the room of recoveries alone,
 * once for each (the table says so); no route of this module leads here.
 *
 * Answers what is to be called after the commit; `undefined` when the credential is known already.
 */
export async function recoverAccount(
  context: Context,
  tx: Db,
  recovered: RecoveredCustomer,
): Promise<(() => void) | undefined> {
  const { authenticatorId, credential, evidenceId, recoveryId, subjectId } = recovered;
  const customerId = subjectId;
  const { authenticators, customers, history } = context.rows;
  // WebAuthn L3 §7.1 step 26: a credential id belongs to one subject only, and a lost one stays lost.
  if (await authenticators.isTaken(tx, credential.credentialId)) return undefined;
  const at = new Date(context.clock.now());
  const closings: (() => void)[] = [];
  for (const lost of await authenticators.listOf(tx, customerId)) {
    await authenticators.remove(tx, lost, at);
    const removal = await context.ledger.record(tx, {
      kind: 'authenticator.removed',
      causes: [evidenceId, lost.evidenceId],
      refs: { authenticatorId: lost.authenticatorId, recoveryId },
      subjects: { customer: customerId },
      facts: { realm: 'customers', because: 'account-recovered' },
    });
    const line = { kind: 'removed', label: labelOf(lost) } as const;
    await history.add(tx, { ...line, evidenceId: removal, customerId, at });
    const onIt = { authenticatorId: lost.authenticatorId, evidenceId: removal };
    closings.push(await context.customerSessions.endSessionsOn(tx, { ...onIt, subjectId }));
    closings.push(await context.endProofsOn(tx, { ...onIt, customerId }));
  }
  await context.customerSessions.endConsents(tx, { customerId, because: evidenceId });
  await authenticators.insert(tx, {
    authenticatorId,
    customerId,
    recoveryId,
    credential,
    evidenceId,
    at,
  });
  await history.add(tx, { evidenceId, customerId, kind: 'registered', at });
  await customers.capUntil(tx, customerId, recovered.cappedUntil);
  return () => {
    for (const close of closings) close();
  };
}
