import { createHmac } from 'node:crypto';
import type { Id } from '@proofline/kernel';
import { isLoopbackHost } from '../../applications/domain/own-address.ts';
import { oidcSettingsOf } from '../../applications/domain/oidc-settings-of.ts';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';
import { purposeKey } from '../../domain/purpose-key.ts';

type Named = Pick<ApplicationRow, 'applicationId' | 'settings'>;

/**
 * Where customers are sent back to, as they read it. A program on their own machine has no host, and whoever only
 * asks them elsewhere, no place in a browser.
 */
export function hostOf(application: Named): string {
  const [url = ''] = oidcSettingsOf(application)?.redirectUris ?? [];
  if (url === '') return 'a place without a website';
  return isLoopbackHost(url) ? 'an app on this device' : new URL(url).host;
}

/**
 * Within what a customer has one name (OpenID Connect Core §8.1): the host that applications are called
 * back at. Every program on customers’ own machines is called back at the same one, so each is its own.
 */
export function sectorOf(application: Named): string {
  const [url = ''] = oidcSettingsOf(application)?.redirectUris ?? [];
  return url === '' || isLoopbackHost(url) ? application.applicationId : new URL(url).host;
}

/**
 * What an application calls a customer, or a session of theirs: the same each time, another one at every
 * other application, and nothing that leads back without the key, which is not in the database. A session
 * that had one name everywhere would tell two applications that their customer is the same.
 */
export function pairwiseName(
  { kek, tenant }: { readonly kek: Uint8Array; readonly tenant: string },
  application: Named,
  id: Id<'cus'> | Id<'ses'>,
): string {
  const key = purposeKey(kek, 'proofline sessions: names v1');
  return createHmac('sha256', key)
    .update(JSON.stringify([tenant, sectorOf(application), id]))
    .digest('base64url');
}
