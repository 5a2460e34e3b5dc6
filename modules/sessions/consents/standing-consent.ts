import { isId } from '@proofline/kernel';
import type { CustomerDatum } from '@proofline/protocol';
import { oidcSettingsOf } from '../applications/domain/oidc-settings-of.ts';
import type { ApplicationRow } from '../applications/store/application-rows.ts';
import type { SessionsContext } from '../context.ts';
import { digestOf, termsOf } from './domain/terms.ts';
import type { ConsentRow } from './domain/consent-row.ts';
import { findConsent } from './store/consent-rows.ts';

/**
 * What a customer has agreed to with this application, if it covers this much and the application is still
 * what they saw: its name, its host, and what it learns.
 */
export async function standingConsent(
  context: SessionsContext,
  application: ApplicationRow,
  of: { readonly customerId: unknown; readonly learns: readonly CustomerDatum[] },
): Promise<ConsentRow | undefined> {
  const { customerId, learns } = of;
  if (!isId('cus', customerId)) return undefined;
  const { applicationId } = application;
  const consent = await findConsent(context.storage.db, context, { applicationId, customerId });
  if (!consent || !learns.every((datum) => consent.learns.includes(datum))) return undefined;
  const { mayLearn = [] } = oidcSettingsOf(application) ?? {};
  if (!consent.learns.every((datum) => mayLearn.includes(datum))) return undefined;
  return consent.termsDigest === digestOf(termsOf(application, consent.learns))
    ? consent
    : undefined;
}
