import { createHmac } from 'node:crypto';
import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../../context.ts';
import { purposeKey } from '../../domain/purpose-key.ts';
import type { ConsentRow } from './consent-row.ts';

/** Whose rows they are, and the key that is not in the database. */
export type ConsentKeeper = Pick<SessionsContext, 'kek' | 'tenant'>;

/**
 * What only this server writes beside an agreement, over all that it says: a row that somebody else has
 * written, or changed, is nobody’s yes.
 */
export function sealOf({ kek, tenant }: ConsentKeeper, consent: ConsentRow): string {
  const { agreedAt, applicationId, customerId, evidenceId, learns, termsDigest } = consent;
  const key = purposeKey(kek, 'proofline sessions: consents v1');
  const said = [customerId, applicationId, learns, termsDigest, agreedAt.getTime(), evidenceId];
  return createHmac('sha256', key)
    .update(JSON.stringify([tenant, ...said]))
    .digest('base64url');
}

/**
 * What a name of an application’s is looked up by. The name itself, beside the customer, would tell whoever
 * reads the table what the application knows them by.
 */
export function nameDigest(
  { kek, tenant }: ConsentKeeper,
  applicationId: Id<'app'>,
  name: string,
): string {
  const key = purposeKey(kek, 'proofline sessions: names found v1');
  return createHmac('sha256', key)
    .update(JSON.stringify([tenant, applicationId, name]))
    .digest('base64url');
}
