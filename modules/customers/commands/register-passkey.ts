import {
  ceremonyUserHandle,
  verifyRegistration,
  type RegisteredCredential,
} from '@proofline/assurance';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { CustomerRow } from '../store/customer-rows.ts';
import type { EnrolmentRow } from '../store/enrolment-rows.ts';
import { findByDevice } from './enrolment-options.ts';

interface Enrolling {
  readonly enrolment: EnrolmentRow;
  readonly customer: CustomerRow;
}

/**
 * Registers the customer's first passkey and uses the link up. A refused ceremony leaves the link
 * alive, so that a slip of the finger can be repeated; the ceremony itself is used either way.
 */
export async function registerPasskey(
  context: Context,
  input: { readonly deviceSecret: string | undefined; readonly answer: CredentialJson },
): Promise<void> {
  const enrolling = await findByDevice(context, context.storage.db, input.deviceSecret);
  const challenge = await takeChallenge(context, enrolling, input.answer.ceremonyId);
  const verified = await verifyRegistration({
    credential: input.answer.credential,
    expected: {
      challenge,
      origin: context.customersOrigin,
      rpId: context.rpId,
      userHandle: ceremonyUserHandle(enrolling.customer.userHandle, input.answer.ceremonyId),
    },
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) {
    await context.storage.transaction((tx) =>
      refuse(context, tx, { enrolling, because: verified.error.code }),
    );
    throw new ProblemError('ceremony.refused', { internal: verified.error.internal });
  }
  const evidenceId = await context.storage.transaction((tx) =>
    enrol(context, tx, { ...enrolling, credential: verified.value }),
  );
  await context.ledger.durable(evidenceId);
}

async function takeChallenge(
  context: Context,
  { enrolment }: Enrolling,
  ceremonyId: Id<'cas'>,
): Promise<string> {
  const ceremony = await context.storage.transaction((tx) =>
    context.rows.ceremonies.take(tx, {
      ceremonyId,
      kind: 'registration',
      at: new Date(context.clock.now()),
    }),
  );
  if (ceremony?.enrolmentId !== enrolment.enrolmentId) throw new ProblemError('ceremony.expired');
  return ceremony.challenge;
}

async function enrol(
  context: Context,
  tx: Db,
  input: Enrolling & { readonly credential: RegisteredCredential },
): Promise<Id<'evt'>> {
  const { enrolment, customer, credential } = input;
  const { authenticators, customers, enrolments } = context.rows;
  const at = new Date(context.clock.now());
  // Both are single use, and both must hit: never a second passkey by an invitation (P1).
  const isFirst =
    (await enrolments.use(tx, enrolment.enrolmentId, at)) &&
    (await customers.markEnrolled(tx, customer.customerId, at));
  if (!isFirst) throw new ProblemError('enrolment.link-dead');
  // WebAuthn L3 §7.1 step 26: a credential id belongs to one subject only.
  if (await authenticators.isTaken(tx, credential.credentialId)) {
    throw new ProblemError('ceremony.refused', { internal: 'credential id is taken' });
  }
  const authenticatorId = newId('ath', context);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.registered',
    causes: [enrolment.evidenceId],
    refs: { authenticatorId, enrolmentId: enrolment.enrolmentId },
    subjects: { customer: customer.customerId },
    facts: {
      realm: 'customers',
      acr: credential.acr,
      backupEligible: credential.backupEligible,
      attestationFormat: credential.attestationFormat,
    },
    personal: [
      {
        subject: customer.customerId,
        retention: 'identity',
        fields: {
          credential: {
            credentialId: credential.credentialId,
            publicKey: credential.publicKey,
            aaguid: credential.aaguid,
            rpId: context.rpId,
          },
        },
      },
    ],
  });
  await authenticators.insert(tx, {
    authenticatorId,
    customerId: customer.customerId,
    credential,
    evidenceId,
    at,
  });
  const { customerId } = customer;
  await context.rows.history.add(tx, { evidenceId, customerId, kind: 'registered', at });
  return evidenceId;
}

async function refuse(
  context: Context,
  tx: Db,
  refused: { readonly enrolling: Enrolling; readonly because: string },
): Promise<void> {
  const { enrolment, customer } = refused.enrolling;
  await context.ledger.record(tx, {
    kind: 'enrolment.refused',
    causes: [enrolment.evidenceId],
    refs: { enrolmentId: enrolment.enrolmentId },
    subjects: { customer: customer.customerId },
    facts: { because: refused.because },
  });
}
