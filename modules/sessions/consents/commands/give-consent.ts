import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import type { CustomerLogin } from '../../types.ts';
import { digestOf, type ConsentTerms } from '../domain/terms.ts';
import { findConsent, upsertConsent } from '../store/consent-rows.ts';

interface Given {
  readonly login: CustomerLogin;
  readonly terms: ConsentTerms;
  readonly sessionId: Id<'ses'>;
  /** The entries of the session, and of the application. */
  readonly causes: readonly Id<'evt'>[];
}

/**
 * Writes down what a customer’s passkey has agreed to, in the caller’s transaction, with the assertion. What
 * stands already in these very terms stays as it is, and with it what rests on it.
 */
export async function giveConsent(
  context: SessionsContext,
  tx: Db,
  { causes, login, sessionId, terms }: Given,
): Promise<Id<'evt'>> {
  const { clock, ledger } = context;
  const { authenticatorEvidenceId, authenticatorId, customerId, proof } = login;
  const { applicationId, host, learns, name } = terms;
  const termsDigest = digestOf(terms);
  const before = await findConsent(tx, context, { applicationId, customerId });
  if (before?.termsDigest === termsDigest) return before.evidenceId;
  const evidenceId = await ledger.record(tx, {
    kind: 'application.consented',
    causes: [...causes, authenticatorEvidenceId],
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
  return evidenceId;
}
