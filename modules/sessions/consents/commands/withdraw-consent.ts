import type { Id } from '@proofline/kernel';
import type { CustomerCaller } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { insertLogoutsOf } from '../../applications/logout/logout-rows.ts';
import type { SessionsContext } from '../../context.ts';
import { listConsents, takeConsent } from '../store/consent-rows.ts';

/**
 * A customer takes back what they had agreed to: codes and tokens of the application name the agreement
 * that they rest on, and are worth nothing from now on, in every process. It is told as of a sign-out.
 * Where there is nothing to take back, nothing is said either (P9).
 */
export async function withdrawConsent(
  context: SessionsContext,
  of: {
    readonly caller: Pick<CustomerCaller, 'customerId' | 'sessionId'>;
    readonly applicationId: Id<'app'>;
  },
): Promise<void> {
  const { applicationId, caller } = of;
  const { customerId, sessionId } = caller;
  const evidenceId = await context.storage.transaction((tx) =>
    takeBack(context, tx, { applicationId, customerId, refs: { sessionId } }),
  );
  if (evidenceId) await context.ledger.durable(evidenceId);
}

/**
 * Whoever had a lost passkey may have agreed with it to anything: with the recovery of the account all of it
 * is taken back, in the recovery’s transaction.
 */
export async function endConsents(
  context: SessionsContext,
  tx: Db,
  { because, customerId }: { readonly customerId: Id<'cus'>; readonly because: Id<'evt'> },
): Promise<void> {
  for (const { applicationId } of await listConsents(tx, context, customerId))
    await takeBack(context, tx, { applicationId, customerId, because });
}

interface TakenBack {
  readonly applicationId: Id<'app'>;
  readonly customerId: Id<'cus'>;
  readonly refs?: { readonly sessionId: Id<'ses'> };
  /** The entry of what led to it, where that was not the customer at their page. */
  readonly because?: Id<'evt'>;
}

async function takeBack(
  context: SessionsContext,
  tx: Db,
  { applicationId, because, customerId, refs }: TakenBack,
): Promise<Id<'evt'> | undefined> {
  const { clock, ledger, tenant } = context;
  const consent = await takeConsent(tx, context, { applicationId, customerId });
  if (!consent) return undefined;
  const evidenceId = await ledger.record(tx, {
    kind: 'application.consent-withdrawn',
    causes: [consent.evidenceId, ...(because ? [because] : [])],
    refs: { applicationId, ...refs },
    subjects: { customer: customerId },
    ...(because && { facts: { because: 'account-recovered' } }),
  });
  await insertLogoutsOf(tx, {
    tenant,
    applicationId,
    subjectId: customerId,
    evidenceId,
    at: new Date(clock.now()),
  });
  return evidenceId;
}
