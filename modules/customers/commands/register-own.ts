import {
  ceremonyUserHandle,
  lowerAcr,
  ownActRefusal,
  verifyRegistration,
  type RegisteredCredential,
} from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { Acr, idOf, PasskeyLabel, ProblemError, type CredentialJson } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Messages } from '../types.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import { refuseOwnAct } from './refuse-own-act.ts';
import { tellContact } from './tell-contact.ts';

const Vouching = z.object({
  label: PasskeyLabel,
  vouchedBy: idOf('ath'),
  atMost: Acr,
  proof: z.record(z.string(), z.json()),
});

interface Registering {
  readonly caller: OwnCaller;
  readonly vouching: z.output<typeof Vouching>;
  readonly credential: RegisteredCredential;
}

/**
 * Registers a further passkey of the customer, for which one of theirs vouched in this session within
 * the last five minutes, and still is one of theirs.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `authenticator.known`, `.too-many`
 */
export async function registerOwn(
  context: Context,
  messages: Messages,
  { caller, answer }: { readonly caller: OwnCaller; readonly answer: CredentialJson },
): Promise<void> {
  const { ceremonyId } = answer;
  const { customerId, sessionId } = caller;
  const at = new Date(context.clock.now());
  const ceremony = await context.storage.transaction((tx) =>
    context.rows.ceremonies.takeOwn(tx, { ceremonyId, kind: 'own-registration', sessionId, at }),
  );
  if (!ceremony) throw new ProblemError('ceremony.expired');
  const vouching = Vouching.parse(JSON.parse(ceremony.purpose));
  const { customer } = await readOwn(context, context.storage.db, customerId);
  const verified = await verifyRegistration({
    credential: answer.credential,
    expected: {
      challenge: ceremony.challenge,
      origin: context.customersOrigin,
      rpId: context.rpId,
      userHandle: ceremonyUserHandle(customer.userHandle, ceremonyId),
    },
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) return refuse(context, caller, verified.error.code);
  const credential = verified.value;
  const committed = await context.storage.transaction((tx) =>
    commit(context, messages, { tx, caller, vouching, credential }),
  );
  if ('because' in committed) return refuse(context, caller, committed.because);
  await context.ledger.durable(committed.evidenceId);
  messages.kick();
}

async function commit(
  context: Context,
  messages: Messages,
  registering: Registering & { readonly tx: Db },
): Promise<{ readonly because: string } | { readonly evidenceId: Id<'evt'> }> {
  const { caller, credential, tx, vouching } = registering;
  const { customerId } = caller;
  const { customer, rows, set } = await readOwn(context, tx, customerId);
  const refusal = ownActRefusal({ kind: 'add' }, set);
  if (refusal) return { because: refusal };
  const { atMost, label, vouchedBy } = vouching;
  // Removed meanwhile, in another tab: its word is worth nothing any more (P6).
  const voucher = rows.find(({ authenticatorId }) => authenticatorId === vouchedBy);
  if (!voucher) return { because: 'voucher-removed' };
  const { authenticators } = context.rows;
  if (await authenticators.isTaken(tx, credential.credentialId)) {
    return { because: 'authenticator.known' };
  }
  const authenticatorId = newId('ath', context);
  const causes = [voucher.evidenceId];
  const evidenceId = await recordAdded(context, tx, { ...registering, authenticatorId, causes });
  const at = new Date(context.clock.now());
  const vouched = { by: vouchedBy, atMost, label };
  const row = { authenticatorId, customerId, credential, vouched, evidenceId, at };
  await authenticators.insert(tx, row);
  await context.rows.history.add(tx, { evidenceId, customerId, kind: 'added', label, at });
  await tellContact(context, messages, { tx, customer, what: 'added' });
  return { evidenceId };
}

function recordAdded(
  context: Context,
  tx: Db,
  added: Registering & {
    readonly authenticatorId: Id<'ath'>;
    readonly causes: readonly Id<'evt'>[];
  },
): Promise<Id<'evt'>> {
  const { authenticatorId, caller, causes, credential, vouching } = added;
  const { aaguid, acr, attestationFormat, backupEligible, credentialId, publicKey } = credential;
  const { customerId, sessionId } = caller;
  return context.ledger.record(tx, {
    kind: 'authenticator.added',
    causes,
    refs: { authenticatorId, sessionId },
    subjects: { customer: customerId },
    facts: {
      realm: 'customers',
      acr: lowerAcr(acr, vouching.atMost),
      backupEligible,
      attestationFormat,
    },
    personal: [
      {
        subject: customerId,
        retention: 'identity',
        fields: {
          credential: { credentialId, publicKey, aaguid, rpId: context.rpId },
          assertion: vouching.proof,
        },
      },
    ],
  });
}

async function refuse(context: Context, caller: OwnCaller, because: string): Promise<never> {
  await refuseOwnAct(context, { caller, tried: 'add', because });
  if (because === 'authenticator.known' || because === 'authenticator.too-many') {
    throw new ProblemError(because);
  }
  throw new ProblemError('ceremony.refused', { internal: because });
}
