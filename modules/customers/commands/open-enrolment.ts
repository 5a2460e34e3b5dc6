import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import { linkRefusal, type LinkRefusal } from '../domain/enrolment-link.ts';
import type { CustomerRow } from '../store/customer-rows.ts';
import type { EnrolmentRow } from '../store/enrolment-rows.ts';

interface Opened {
  readonly greetingName: string;
  /** For this device's cookie; absent when the device has it already. */
  readonly deviceSecret: string | undefined;
  readonly maxAgeSeconds: number;
}

/**
 * Opens a link and binds it to this device.
 *
 * @throws ProblemError `enrolment.link-dead` for an unknown, used, late or foreign link alike.
 */
export async function openEnrolment(
  context: Context,
  input: { readonly secret: string; readonly deviceSecret: string | undefined },
): Promise<Opened> {
  const opened = await context.storage.transaction(async (tx) => {
    const enrolment = await context.rows.enrolments.findBySecret(tx, sha256Base64url(input.secret));
    const customer = enrolment && (await context.rows.customers.findById(tx, enrolment.customerId));
    if (!enrolment || !customer) return undefined;
    const thisDevice = input.deviceSecret && sha256Base64url(input.deviceSecret);
    const because = judgeLink(context, { enrolment, customer, thisDevice });
    if (because) return { enrolment, because };
    const maxAgeSeconds = Math.floor((enrolment.expiresAt.getTime() - context.clock.now()) / 1000);
    const { greetingName } = customer;
    if (enrolment.deviceDigest) return { greetingName, deviceSecret: undefined, maxAgeSeconds };
    const deviceSecret = newSecret(context);
    await context.rows.enrolments.bindDevice(tx, enrolment.enrolmentId, {
      digest: sha256Base64url(deviceSecret),
      at: new Date(context.clock.now()),
    });
    return { greetingName, deviceSecret, maxAgeSeconds };
  });
  if (opened?.because) await refuse(context, opened);
  if (!opened || opened.because) throw new ProblemError('enrolment.link-dead');
  return opened;
}

/** {@link linkRefusal} over rows. */
export function judgeLink(
  context: Context,
  link: {
    readonly enrolment: EnrolmentRow;
    readonly customer: CustomerRow;
    readonly thisDevice: string | undefined;
  },
): LinkRefusal | undefined {
  const { enrolment } = link;
  return linkRefusal({
    nowMs: context.clock.now(),
    expiresAtMs: enrolment.expiresAt.getTime(),
    wasUsed: enrolment.usedAt !== undefined,
    wasVoided: enrolment.voidedAt !== undefined,
    wasEnrolled: link.customer.enrolledAt !== undefined,
    boundDevice: enrolment.deviceDigest,
    thisDevice: link.thisDevice,
  });
}

/** As often as the budget allows; apart from the reading, which may be retried and would take twice. */
async function refuse(
  context: Context,
  refused: { readonly enrolment: EnrolmentRow; readonly because: LinkRefusal },
): Promise<void> {
  const { enrolment } = refused;
  const granted = context.budget.take(`enrolment:${enrolment.enrolmentId}`);
  if (!granted) return;
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'enrolment.refused',
      causes: [enrolment.evidenceId],
      refs: { enrolmentId: enrolment.enrolmentId },
      subjects: { customer: enrolment.customerId },
      facts: { because: refused.because, ...(granted.suppressed > 0 && granted) },
    }),
  );
}
