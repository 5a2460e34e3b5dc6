import { ceremonyUserHandle, lowerAcr, registrationOptions } from '@proofline/assurance';
import { canonicalJson, newId, type Id } from '@proofline/kernel';
import type { CeremonyOptions } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import type { Messages } from '../types.ts';
import { CEREMONY_MS } from './enrolment-options.ts';
import { labelOf, type Own } from './own-set.ts';
import type { Committed, ProvedAct } from './proved-act.ts';
import { tellContact } from './tell-contact.ts';

interface Change {
  readonly tx: Db;
  readonly proved: ProvedAct;
  readonly own: Own;
}

/** Makes a change that its customer has proved, in the caller's transaction. */
export async function changeOwn(
  context: Context,
  messages: Messages,
  change: Change,
): Promise<Committed> {
  const { act } = change.proved;
  if (act.kind === 'add')
    return { registration: await openRegistration(context, change, act.label) };
  if (act.kind === 'rename') return renameOwn(context, change, act);
  return removeOwn(context, messages, { ...change, authenticatorId: act.authenticatorId });
}

/** One of their own has vouched for another: in this session, for five minutes. */
async function openRegistration(
  context: Context,
  { tx, proved, own }: Change,
  label: string,
): Promise<CeremonyOptions> {
  const { caller, proof, prover, result } = proved;
  const challenge = newSecret(context);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
  const atMost = lowerAcr(result.acr, prover.atMost);
  const vouchedBy = prover.authenticatorId;
  await context.rows.ceremonies.openOwn(tx, {
    ceremonyId,
    kind: 'own-registration',
    sessionId: caller.sessionId,
    challenge,
    purpose: canonicalJson({ label, vouchedBy, atMost, proof: { ...proof } }),
    expiresAt,
  });
  const { greetingName, userHandle } = own.customer;
  const publicKey = registrationOptions({
    rp: { id: context.rpId, name: context.companyName },
    user: {
      handle: ceremonyUserHandle(userHandle, ceremonyId),
      name: greetingName,
      displayName: greetingName,
    },
    challenge,
    // The same device twice would be one door with two names.
    exclude: own.rows.map(({ credentialId }) => credentialId),
    timeoutMs: CEREMONY_MS,
  });
  return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
}

async function renameOwn(
  context: Context,
  { tx, proved }: Change,
  { authenticatorId, label }: { readonly authenticatorId: Id<'ath'>; readonly label: string },
): Promise<Committed> {
  const { customerId, sessionId } = proved.caller;
  await context.rows.authenticators.rename(tx, { authenticatorId, customerId }, label);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.renamed',
    causes: [proved.prover.evidenceId],
    refs: { authenticatorId, sessionId },
    subjects: { customer: customerId },
    facts: { realm: 'customers' },
    personal: [
      {
        subject: customerId,
        retention: 'identity',
        fields: { label, assertion: { ...proved.proof } },
      },
    ],
  });
  const at = new Date(context.clock.now());
  await context.rows.history.add(tx, { evidenceId, customerId, kind: 'renamed', label, at });
  return { evidenceId };
}

/** Gone for good; what rests on it ends in the same transaction: sessions, and proofs on live calls (P6). */
async function removeOwn(
  context: Context,
  messages: Messages,
  { tx, proved, own, authenticatorId }: Change & { readonly authenticatorId: Id<'ath'> },
): Promise<Committed> {
  const { customerId, sessionId } = proved.caller;
  const removed = own.rows.find((row) => row.authenticatorId === authenticatorId);
  // Looked at a moment ago, in this transaction.
  if (!removed) throw new Error('the authenticator is gone');
  const at = new Date(context.clock.now());
  await context.rows.authenticators.remove(tx, { authenticatorId, customerId }, at);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.removed',
    causes: [proved.prover.evidenceId, removed.evidenceId],
    refs: { authenticatorId, sessionId },
    subjects: { customer: customerId },
    facts: { realm: 'customers', remaining: own.rows.length - 1 },
    personal: [
      { subject: customerId, retention: 'identity', fields: { assertion: { ...proved.proof } } },
    ],
  });
  const line = { kind: 'removed', label: labelOf(removed) } as const;
  await context.rows.history.add(tx, { ...line, evidenceId, customerId, at });
  const closeStreams = await context.customerSessions.endSessionsOn(tx, {
    authenticatorId,
    subjectId: customerId,
  });
  const tellAgents = await context.endProofsOn(tx, { customerId, authenticatorId, evidenceId });
  await tellContact(context, messages, { tx, customer: own.customer, what: 'removed' });
  return {
    evidenceId,
    afterwards() {
      closeStreams();
      tellAgents();
    },
  };
}
