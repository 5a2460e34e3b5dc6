import { keptAssertion, verifyAssertion } from '@proofline/assurance';
import { ProblemError, type CredentialJson, type CustomerRecoveryDone } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { sealCode, type CodeSeal } from '../domain/code-seal.ts';
import { OwnActContext } from '../domain/own-act.ts';
import { challengeOf } from '../domain/vouch-context.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { CustomerInSession } from './begin-own-act.ts';
import { cancelOwn } from './cancel-recovery.ts';
import { doOwnAct } from './do-own-act.ts';
import { findGenuine } from './find-invitation.ts';
import { findLaidBy, type LaidBy } from './laid-by.ts';
import { readCustomerRecovery } from './own-customer-recovery.ts';
import { SALT_BYTES } from './prepare.ts';
import type { Done, NotDone } from './proved-act.ts';
import { recordRefusal } from './refuse.ts';

/**
 * Takes the proof of an act that was begun, and does it.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `recovery.contacts-refused`,
 *   `recovery.invitation-dead`
 */
export async function proveOwnAct(
  context: Context,
  input: {
    readonly caller: CustomerInSession;
    readonly answer: CredentialJson;
    /** Only for sealing it: the page made it. */
    readonly code: string | undefined;
  },
): Promise<CustomerRecoveryDone> {
  const { answer, caller, code } = input;
  const { rows, storage } = context;
  const { customerId, sessionId } = caller;
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId: answer.ceremonyId,
      kind: 'own-act',
      boundTo: sessionId,
      at: new Date(context.clock.now()),
    }),
  );
  if (!ceremony?.context) throw new ProblemError('ceremony.expired');
  const signed = OwnActContext.parse(JSON.parse(ceremony.context));
  const isComplete = (signed.act.kind === 'seal-code') === (code !== undefined);
  const text = ceremony.context;
  const invitation =
    signed.act.kind === 'accept-contact'
      ? await findGenuine(context, signed.act.invitation)
      : undefined;
  const { act } = signed;
  const whose = act.kind === 'accept-contact' ? act.forCustomer : customerId;
  const laidBy = await findLaidBy(context, whose);
  const given = { caller, answer, signed, text, invitation, laidBy };
  const seal =
    isComplete && code !== undefined
      ? await sealCode(code, context.random.bytes(SALT_BYTES))
      : undefined;
  const outcome = isComplete
    ? await storage.transaction((tx) => take(context, tx, { ...given, seal }))
    : ({ because: 'not-what-was-begun' } as const);
  if ('because' in outcome) return refuse(context, { caller, ...outcome });
  if (outcome.evidenceId) await context.ledger.durable(outcome.evidenceId);
  if (outcome.touch) {
    await cancelOwn(context, { subjectId: customerId, sessionId }, outcome.touch);
  }
  context.messages.kick();
  const own = await readCustomerRecovery(context, customerId);
  return { ...own, ...(outcome.invitation && { invitation: outcome.invitation }) };
}

async function take(
  context: Context,
  tx: Db,
  given: {
    readonly caller: CustomerInSession;
    readonly answer: CredentialJson;
    readonly seal: CodeSeal | undefined;
    readonly signed: OwnActContext;
    readonly text: string;
    readonly invitation: InvitationRow | undefined;
    readonly laidBy: LaidBy;
  },
): Promise<Done | NotDone> {
  const { answer, caller, invitation, laidBy, seal, signed, text } = given;
  const { origin, people, rpId } = context;
  const own = await people.listOf(tx, caller.customerId);
  const passkey = own.find(({ credentialId }) => credentialId === answer.credential.id);
  if (!passkey) return { because: 'not-their-passkey' };
  const nowMs = context.clock.now();
  const verified = await verifyAssertion({
    credential: answer.credential,
    expected: { challenge: challengeOf(text), origin, rpId, userHandle: passkey.userHandle },
    stored: passkey,
    policy: context.attestationPolicy,
    nowMs,
  });
  if (!verified.ok) return { because: verified.error.code };
  const { acr, backedUp, counter } = verified.value;
  const use = { acr, backedUp, counter, at: new Date(nowMs) };
  // Of two equal answers one is a clone's.
  if (!(await people.noteUse(tx, passkey, use))) return { because: 'counter-regressed' };
  const proof = keptAssertion(answer.credential, {
    context: { ...signed },
    key: passkey,
    rpId,
    origin,
  });
  const { authenticatorId, evidenceId } = passkey;
  const causes = [evidenceId];
  return doOwnAct(context, tx, {
    signed,
    seal,
    authenticatorId,
    invitation,
    laidBy,
    causes,
    proof,
  });
}

async function refuse(
  context: Context,
  refused: NotDone & { readonly caller: CustomerInSession },
): Promise<never> {
  const { because, caller, code = 'ceremony.refused' } = refused;
  const { customerId } = caller;
  const subjects = { actor: customerId };
  await recordRefusal(context, { step: 'prepare', because, key: customerId, subjects });
  throw new ProblemError(code, { internal: because });
}
