import type { Realm } from '@proofline/protocol';

/**
 * What the tables call a model of oidc-provider’s. The two issuers share them and never a row: a code,
 * a session or a replayed id of one realm is unknown in the other, whatever else is forgotten.
 */
export function modelOf(realm: Realm, model: string): string {
  return realm === 'workforce' ? model : `customers/${model}`;
}
