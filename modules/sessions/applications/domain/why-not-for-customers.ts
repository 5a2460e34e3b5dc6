import type { ApplicationDraft, OidcSettings } from '@proofline/protocol';
import { isLoopbackHost } from './own-address.ts';

/** Why customers cannot sign in to such an application, in a sentence; `undefined`: they can. */
export function whyNotForCustomers({ policy, settings }: ApplicationDraft): string | undefined {
  if (settings.protocol === 'saml')
    return 'Customers sign in with OpenID Connect. SAML is for colleagues’ tools.';
  if (policy.modes || policy.boundToDevice)
    return 'Of customers’ machines nothing is asked: where colleagues sign in is for their tools.';
  return whyNotOffered(settings) ?? whyNotOneHost(settings);
}

function whyNotOffered(settings: OidcSettings): string | undefined {
  const { actsFor, asksFor = [], asksToDo, serves = [] } = settings;
  const { certificateBound, proof } = settings;
  if (proof.method === 'self_signed_tls_client_auth' || certificateBound)
    return 'A customers’ application proves itself by a key, or not at all, and not by a certificate.';
  if (actsFor) return 'In a customer’s name nobody goes on to another API.';
  if (asksFor.length > 0 || serves.length > 0)
    return 'Customers agree to what an application learns of them, and to no token for an API.';
  if (asksToDo)
    return 'Customers agree to what an application learns of them, and to nothing that it does.';
  return undefined;
}

/** What it calls a customer depends on it (OpenID Connect Core §8.1). */
function whyNotOneHost({ redirectUris }: OidcSettings): string | undefined {
  const hosts = redirectUris.map((url) => (isLoopbackHost(url) ? 'loopback' : new URL(url).host));
  return new Set(hosts).size > 1
    ? 'Choose addresses on one host: what it calls each customer depends on the host. For another host, register ' +
        'another application.'
    : undefined;
}
