import { createHmac } from 'node:crypto';
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
