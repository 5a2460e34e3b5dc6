import { newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import type { CustomerRow } from '../store/customer-rows.ts';
import type { Contact, Messages } from '../types.ts';

const INVITATION_MS = 24 * 60 * 60 * 1000;
const INVITATIONS_PER_DAY_MAX = 3;

type InviteRefusal = 'unknown-account' | 'not-new' | 'no-contact' | 'too-many';

interface Invite {
  readonly accountNumber: string;
  /** The service that asks. */
  readonly invitedBy: string;
}

/**
 * Sends a link to the contact on file of a customer who has never had a passkey. The caller gets
 * nothing but the same answer for every account number that is not enrolled, known or not.
 */
export async function inviteCustomer(
  context: Context,
  messages: Messages,
  input: Invite,
): Promise<void> {
  const outcome = await context.storage.transaction(async (tx) => {
    const customer = await context.rows.customers.findByAccountNumber(tx, input.accountNumber);
    const subjects = {
      actor: input.invitedBy,
      ...(customer ? { customer: customer.customerId } : {}),
    };
    const judged = await judge(context, tx, customer);
    if ('because' in judged) {
      const evidenceId = await context.ledger.record(tx, {
        kind: 'enrolment.refused',
        subjects,
        facts: { because: judged.because },
      });
      return { evidenceId, because: judged.because };
    }
    const evidenceId = await send(context, messages, { tx, subjects, ...judged });
    return { evidenceId, because: undefined };
  });
  await context.ledger.durable(outcome.evidenceId);
  messages.kick();
  if (outcome.because === 'not-new') throw new ProblemError('enrolment.not-new');
}

async function judge(
  context: Context,
  tx: Db,
  customer: CustomerRow | undefined,
): Promise<{ because: InviteRefusal } | { customer: CustomerRow; to: Contact }> {
  if (!customer) return { because: 'unknown-account' };
  if (customer.enrolledAt) return { because: 'not-new' };
  if (!customer.contact) return { because: 'no-contact' };
  const dayAgo = new Date(context.clock.now() - INVITATION_MS);
  const sent = await context.rows.enrolments.countSince(tx, customer.customerId, dayAgo);
  if (sent >= INVITATIONS_PER_DAY_MAX) return { because: 'too-many' };
  return { customer, to: customer.contact };
}

async function send(
  context: Context,
  messages: Messages,
  input: {
    readonly tx: Db;
    readonly customer: CustomerRow;
    readonly to: Contact;
    readonly subjects: Readonly<Record<string, string>>;
  },
): Promise<Id<'evt'>> {
  const { tx, customer } = input;
  const enrolmentId = newId('enr', context);
  const secret = newSecret(context);
  const nowMs = context.clock.now();
  const evidenceId = await context.ledger.record(tx, {
    kind: 'enrolment.invited',
    refs: { enrolmentId },
    subjects: input.subjects,
    facts: { contactKind: input.to.kind, expiresAt: new Date(nowMs + INVITATION_MS).toISOString() },
  });
  await context.rows.enrolments.voidOpen(tx, customer.customerId, new Date(nowMs));
  await context.rows.enrolments.insert(tx, {
    enrolment_id: enrolmentId,
    customer_id: customer.customerId,
    secret_digest: sha256Base64url(secret),
    device_digest: null,
    invited_at: new Date(nowMs),
    expires_at: new Date(nowMs + INVITATION_MS),
    opened_at: null,
    used_at: null,
    voided_at: null,
    evidence_id: evidenceId,
  });
  await messages.enqueue(tx, {
    recipientId: customer.customerId,
    to: input.to,
    text: `${context.companyName}: set up your passkey, so that nobody else can speak for you. The link works once, on one device, until tomorrow.`,
    // Behind `#`, so that no server and no log ever sees the secret in a URL.
    link: `${context.customersOrigin}/enrol#${secret}`,
    notAfterMs: nowMs + INVITATION_MS,
  });
  return evidenceId;
}
