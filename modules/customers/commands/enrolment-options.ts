import { ceremonyUserHandle, registrationOptions } from '@proofline/assurance';
import { newId } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import type { CustomerRow } from '../store/customer-rows.ts';
import type { EnrolmentRow } from '../store/enrolment-rows.ts';
import { judgeLink } from './open-enrolment.ts';

/** How long a passkey prompt may stay open. */
export const CEREMONY_MS = 5 * 60 * 1000;

/** Options for the first passkey of the customer whose link this device opened. */
export async function enrolmentOptions(
  context: Context,
  deviceSecret: string | undefined,
): Promise<CeremonyOptions> {
  return context.storage.transaction(async (tx) => {
    const { enrolment, customer } = await findByDevice(context, tx, deviceSecret);
    const challenge = newSecret(context);
    const ceremonyId = newId('cas', context);
    const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
    await context.rows.ceremonies.insert(tx, {
      ceremonyId,
      kind: 'registration',
      challenge,
      enrolmentId: enrolment.enrolmentId,
      expiresAt,
    });
    const publicKey = registrationOptions({
      rp: { id: context.rpId, name: context.companyName },
      user: {
        handle: ceremonyUserHandle(customer.userHandle, ceremonyId),
        name: customer.greetingName,
        displayName: customer.greetingName,
      },
      challenge,
      exclude: [],
      timeoutMs: CEREMONY_MS,
    });
    return { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() };
  });
}

/** The living enrolment that this device opened. @throws ProblemError `enrolment.link-dead` */
export async function findByDevice(
  context: Context,
  db: Db,
  deviceSecret: string | undefined,
): Promise<{ enrolment: EnrolmentRow; customer: CustomerRow }> {
  const thisDevice = deviceSecret && sha256Base64url(deviceSecret);
  const enrolment = thisDevice
    ? await context.rows.enrolments.findByDevice(db, thisDevice)
    : undefined;
  const customer = enrolment && (await context.rows.customers.findById(db, enrolment.customerId));
  if (!enrolment || !customer || judgeLink(context, { enrolment, customer, thisDevice })) {
    throw new ProblemError('enrolment.link-dead');
  }
  return { enrolment, customer };
}
