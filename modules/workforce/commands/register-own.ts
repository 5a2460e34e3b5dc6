import {
  ceremonyUserHandle,
  verifyRegistration,
  type RegisteredCredential,
  lowerAcr,
  ownActRefusal,
} from '@proofline/assurance';
import { newId, type Id, type Json } from '@proofline/kernel';
import { Acr, idOf, PasskeyLabel, ProblemError, type CredentialJson } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { isBroughtAlong, isLeftBehind } from '../domain/brought-along.ts';
import { notifyOwnChanged } from './notify-changed.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import { refuseOwnAct } from './refuse-own-act.ts';
import { tellChannels } from './tell-channels.ts';

const Vouching = z.object({
  label: PasskeyLabel,
  vouchedBy: idOf('ath'),
  atMost: Acr,
  proof: z.record(z.string(), z.json()),
});
type Vouching = z.output<typeof Vouching>;

interface Registering {
  readonly caller: OwnCaller;
  readonly vouching: Vouching;
  readonly credential: RegisteredCredential;
}

/**
 * Registers a further authenticator of the caller, for which one of theirs vouched in this session
 * within the last five minutes, and still is one of theirs.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `authenticator.known`, `.too-many`
 */
export async function registerOwn(
  context: Context,
  { caller, answer }: { readonly caller: OwnCaller; readonly answer: CredentialJson },
): Promise<void> {
  const { rows, storage } = context;
  const { ceremonyId } = answer;
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId,
      kind: 'own-registration',
      boundTo: caller.sessionId,
      at: new Date(context.clock.now()),
    }),
  );
  if (!ceremony || ceremony.subjectId !== caller.subjectId) {
    throw new ProblemError('ceremony.expired');
  }
  const vouching = Vouching.parse(JSON.parse(ceremony.purpose ?? '{}'));
  const { staff } = await readOwn(context, storage.db, caller.subjectId);
  if (isBroughtAlong(context.deskModes, staff.desk) && isLeftBehind(answer)) {
    return refuse(context, caller, 'left-behind');
  }
  const verified = await verifyRegistration({
    credential: answer.credential,
    expected: {
      challenge: ceremony.challenge,
      origin: context.staffOrigin,
      rpId: context.rpId,
      userHandle: ceremonyUserHandle(staff.userHandle, ceremonyId),
    },
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) return refuse(context, caller, verified.error.code);
  const credential = verified.value;
  const committed = await storage.transaction((tx) =>
    commit(context, tx, { caller, vouching, credential }),
  );
  if ('because' in committed) return refuse(context, caller, committed.because);
  await context.ledger.durable(committed.evidenceId);
  context.messages.kick();
  notifyOwnChanged(context, caller.subjectId);
}

async function commit(
  context: Context,
  tx: Db,
  registering: Registering,
): Promise<{ readonly because: string } | { readonly evidenceId: Id<'evt'> }> {
  const { caller, credential, vouching } = registering;
  const { subjectId } = caller;
  const { rows, set } = await readOwn(context, tx, subjectId);
  const refusal = ownActRefusal({ kind: 'add' }, set);
  if (refusal) return { because: refusal };
  // Removed meanwhile, in another tab: its word is worth nothing any more (P6).
  const voucher = rows.find(({ authenticatorId }) => authenticatorId === vouching.vouchedBy);
  if (!voucher) return { because: 'voucher-removed' };
  const { authenticators } = context.rows;
  if (await authenticators.isTaken(tx, credential.credentialId)) {
    return { because: 'authenticator.known' };
  }
  const authenticatorId = newId('ath', context);
  const evidenceId = await recordAdded(context, tx, {
    ...registering,
    authenticatorId,
    voucherEvidenceId: voucher.evidenceId,
  });
  const { atMost, label, vouchedBy } = vouching;
  const at = new Date(context.clock.now());
  const letIn = { vouchedBy, atMost, label };
  await authenticators.insert(tx, {
    authenticatorId,
    subjectId,
    letIn,
    credential,
    evidenceId,
    at,
  });
  await context.rows.history.add(tx, { evidenceId, subjectId, kind: 'added', label, at });
  await tellChannels(context, tx, { subjectId, what: 'added' });
  return { evidenceId };
}

async function recordAdded(
  context: Context,
  tx: Db,
  added: Registering & {
    readonly authenticatorId: Id<'ath'>;
    readonly voucherEvidenceId: Id<'evt'>;
  },
): Promise<Id<'evt'>> {
  const { authenticatorId, caller, credential, vouching, voucherEvidenceId } = added;
  const { aaguid, acr, attestationFormat, backupEligible, credentialId, publicKey } = credential;
  const proof: Record<string, Json> = vouching.proof;
  return context.ledger.record(tx, {
    kind: 'authenticator.added',
    causes: [voucherEvidenceId],
    refs: { authenticatorId, sessionId: caller.sessionId },
    subjects: { actor: caller.subjectId },
    facts: {
      realm: 'workforce',
      acr: lowerAcr(acr, vouching.atMost),
      backupEligible,
      attestationFormat,
    },
    personal: [
      {
        subject: caller.subjectId,
        retention: 'identity',
        fields: {
          credential: { credentialId, publicKey, aaguid, rpId: context.rpId },
          assertion: proof,
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
