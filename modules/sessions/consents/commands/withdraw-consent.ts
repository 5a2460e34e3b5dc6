import type { Id } from '@proofline/kernel';
import type { CustomerCaller } from '@proofline/protocol';
import { insertLogoutsOf } from '../../applications/logout/logout-rows.ts';
import type { SessionsContext } from '../../context.ts';
import { takeConsent } from '../store/consent-rows.ts';

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
  const { clock, ledger, storage, tenant } = context;
  const { applicationId, caller } = of;
  const { customerId, sessionId } = caller;
  const evidenceId = await storage.transaction(async (tx) => {
    const consent = await takeConsent(tx, context, { applicationId, customerId });
    if (!consent) return undefined;
    const recorded = await ledger.record(tx, {
      kind: 'application.consent-withdrawn',
      causes: [consent.evidenceId],
      refs: { applicationId, sessionId },
      subjects: { customer: customerId },
    });
    await insertLogoutsOf(tx, {
      tenant,
      applicationId,
      subjectId: customerId,
      evidenceId: recorded,
      at: new Date(clock.now()),
    });
    return recorded;
  });
  if (evidenceId) await ledger.durable(evidenceId);
}
