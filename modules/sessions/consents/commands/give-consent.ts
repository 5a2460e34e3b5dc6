import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';
import type { SessionsContext } from '../../context.ts';
import type { CustomerLogin } from '../../types.ts';
import { digestOf, type ConsentTerms } from '../domain/terms.ts';
import { findConsent, noteName, upsertConsent } from '../store/consent-rows.ts';

interface Given {
  readonly login: Pick<
    CustomerLogin,
    'authenticatorEvidenceId' | 'authenticatorId' | 'customerId' | 'proof'
  >;
  readonly terms: ConsentTerms;
  readonly application: ApplicationRow;
  readonly sessionId: Id<'ses'>;
  /** The entry of the session, or of the request that was allowed in it. */
  readonly because: Id<'evt'>;
}

/**
 * Writes down what a customer’s passkey has agreed to, in the caller’s transaction, with the assertion. What
 * stands already in these very terms stays as it is, and with it what rests on it.
 */
export async function giveConsent(
  context: SessionsContext,
  tx: Db,
  { application, because, login, sessionId, terms }: Given,
): Promise<Id<'evt'>> {
  const { clock, ledger } = context;
  const { authenticatorEvidenceId, authenticatorId, customerId, proof } = login;
  const { applicationId, host, learns, name } = terms;
  const termsDigest = digestOf(terms);
  const before = await findConsent(tx, context, { applicationId, customerId });
  if (before?.termsDigest === termsDigest) {
    await noteName(tx, context, { application, customerId });
    return before.evidenceId;
  }
  const evidenceId = await ledger.record(tx, {
    kind: 'application.consented',
    causes: [because, application.evidenceId, authenticatorEvidenceId],
    refs: { applicationId, sessionId, authenticatorId },
    subjects: { customer: customerId },
    facts: { name, host, learns: [...learns], termsDigest },
    personal: [{ subject: customerId, retention: 'identity', fields: { assertion: proof } }],
  });
  await upsertConsent(tx, context, {
    customerId,
    applicationId,
    learns,
    termsDigest,
    agreedAt: new Date(clock.now()),
    evidenceId,
  });
  await noteName(tx, context, { application, customerId });
  return evidenceId;
}
