import {
  ceremonyUserHandle,
  verifyRegistration,
  type RegisteredCredential,
} from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson, type OnboardingState } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { isBroughtAlong, isLeftBehind } from '../domain/brought-along.ts';
import { register } from '../domain/onboarding.ts';
import { notifyChanged } from './notify-changed.ts';
import { describe, drawFreeCode, findOnDevice, type OnDevice } from './read-onboarding.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

interface RegisterInput {
  readonly deviceSecret: string | undefined;
  readonly answer: CredentialJson;
}

/**
 * Registers the new colleague's first passkey and uses the link up. The account has no role until a
 * third person confirms; a founder's becomes active at once.
 *
 * A refused ceremony leaves the link alive, so that a slip of the finger can be repeated; the
 * ceremony itself is used either way.
 */
export async function registerPasskey(
  context: Context,
  input: RegisterInput,
): Promise<OnboardingState> {
  const { rows, storage } = context;
  const found = await findOnDevice(context, storage.db, input.deviceSecret);
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId: input.answer.ceremonyId,
      kind: 'registration',
      boundTo: found.row.invitationId,
      at: new Date(context.clock.now()),
    }),
  );
  if (!ceremony) throw new ProblemError('ceremony.expired');
  const verified = await verifyRegistration({
    credential: input.answer.credential,
    expected: {
      challenge: ceremony.challenge,
      origin: context.staffOrigin,
      rpId: context.rpId,
      userHandle: ceremonyUserHandle(found.staff.userHandle, input.answer.ceremonyId),
    },
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  const isLeft = isBroughtAlong(context.deskModes, found.staff.desk) && isLeftBehind(input.answer);
  const registered =
    verified.ok && !isLeft
      ? await storage.transaction((tx) =>
          commit(context, tx, { input, credential: verified.value }),
        )
      : undefined;
  if (registered === undefined) {
    const because = isLeft ? 'left-behind' : verified.ok ? 'credential-taken' : verified.error.code;
    await refuseOnboarding(context, {
      step: 'register',
      because,
      key: found.row.invitationId,
      invitation: found.row,
    });
    throw new ProblemError('ceremony.refused', { internal: because });
  }
  await context.ledger.durable(registered.row.evidenceId);
  notifyChanged(context, registered);
  return describe(registered);
}

async function commit(
  context: Context,
  tx: Db,
  {
    input,
    credential,
  }: { readonly input: RegisterInput; readonly credential: RegisteredCredential },
): Promise<OnDevice | undefined> {
  const { authenticators, invitations, staff: people } = context.rows;
  // Read again: between the ceremony and now, the invitation may have been used or superseded.
  const found = await findOnDevice(context, tx, input.deviceSecret);
  const { device, row, staff } = found;
  const nowMs = context.clock.now();
  const digits = await drawFreeCode(context, tx);
  const next = register(row.onboarding, { device, nowMs, digits });
  if (!next.ok) throw new ProblemError('onboarding.link-dead', { internal: next.error });
  // WebAuthn L3 §7.1 step 26: a credential id belongs to one subject only.
  if (await authenticators.isTaken(tx, credential.credentialId)) return undefined;
  const authenticatorId = newId('ath', context);
  const evidenceId = await recordRegistered(context, tx, { found, credential, authenticatorId });
  // Both are single use, and both must hit: never a second passkey by an invitation (P1).
  const isFirst =
    (await people.markRegistered(tx, staff.subjectId)) &&
    (await invitations.advance(tx, row, { onboarding: next.value, evidenceId }));
  if (!isFirst) throw new ProblemError('onboarding.link-dead', { internal: 'used meanwhile' });
  const at = new Date(nowMs);
  const { invitationId } = row;
  const { subjectId } = staff;
  const letIn = { invitationId };
  const authenticator = { authenticatorId, subjectId, letIn, credential, evidenceId, at };
  await authenticators.insert(tx, authenticator);
  await context.rows.history.add(tx, { evidenceId, subjectId, kind: 'registered', at });
  if (next.value.foundingRole !== undefined) {
    await people.activate(tx, subjectId, {
      role: next.value.foundingRole,
      at,
      evidenceId,
    });
  }
  return { ...found, row: { ...row, evidenceId, onboarding: next.value } };
}

async function recordRegistered(
  context: Context,
  tx: Db,
  registered: {
    readonly found: OnDevice;
    readonly credential: RegisteredCredential;
    readonly authenticatorId: Id<'ath'>;
  },
): Promise<Id<'evt'>> {
  const { authenticatorId, credential, found } = registered;
  const { foundingRole, subjectId } = found.row.onboarding;
  const { aaguid, attestationFormat, acr, backupEligible, credentialId, publicKey } = credential;
  return context.ledger.record(tx, {
    kind: 'authenticator.registered',
    causes: [found.row.evidenceId],
    refs: { authenticatorId, invitationId: found.row.invitationId },
    subjects: { actor: subjectId },
    facts: {
      realm: 'workforce',
      acr,
      backupEligible,
      attestationFormat,
      ...(foundingRole && { founding: true, role: foundingRole }),
    },
    personal: [
      {
        subject: subjectId,
        retention: 'identity',
        fields: { credential: { credentialId, publicKey, aaguid, rpId: context.rpId } },
      },
    ],
  });
}
