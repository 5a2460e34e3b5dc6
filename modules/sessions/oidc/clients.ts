import { generateKeyPairSync } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';

/** The console: a public client, whose tokens are bound to a key that cannot leave the browser. */
export const consoleClientId = 'console';

/**
 * The command line on a colleague’s own computer: a public client (RFC 8252). It keeps nothing, and
 * whoever starts it can claim to be it; so a person answers each of its requests.
 */
export const commandLineClientId = 'command-line';

/** Our own SAML identity provider: its sign-ins are those of this issuer (`saml/`). */
export const samlClientId = 'saml';

/** What the sign-in page calls clients that are ours. */
const ownNames = {
  console: 'The Proofline console',
  commandLine: 'The command line on this computer',
  saml: 'A tool that signs in with SAML',
} as const;

/** Names that no application has. */
export const fixedClientNames: readonly string[] = Object.values(ownNames);

/** What a token exchange of the console’s reads (RFC 9396 §2). */
export const exchangedTypes = ['proofline_case', 'proofline_break_glass'] as const;

/** RFC 8693 §2.1. */
export const tokenExchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Its private half is forgotten here: nothing can be signed for it. */
const keyThatNobodyHas = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'jwk',
});

/** Every client that is fixed at the start. Services that colleagues register come from the adapter. */
export function clientsOf(context: SessionsContext): ClientMetadata[] {
  const console: ClientMetadata = {
    client_id: consoleClientId,
    client_name: ownNames.console,
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${context.staffOrigin}/callback.html`],
    response_types: ['code'],
    grant_types: ['authorization_code', tokenExchangeGrantType],
    authorization_details_types: [...exchangedTypes],
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
    id_token_signed_response_alg: 'ES256',
    scope: 'openid',
  };
  const commandLine: ClientMetadata = {
    client_id: commandLineClientId,
    client_name: ownNames.commandLine,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    // RFC 8252 §7.3: any port of loopback.
    redirect_uris: ['http://127.0.0.1/callback'],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
    id_token_signed_response_alg: 'ES256',
    scope: 'openid',
  };
  const saml: ClientMetadata = {
    client_id: samlClientId,
    client_name: ownNames.saml,
    application_type: 'web',
    // Its requests are pushed within this process; from outside nobody can, having no such key.
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [keyThatNobodyHas] },
    redirect_uris: [`${context.staffOrigin}/saml/continue`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
    id_token_signed_response_alg: 'ES256',
    scope: 'openid',
  };
  const services = context.serviceClients.map((service): ClientMetadata => ({
    client_id: service.clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: service.publicJwk.kty === 'OKP' ? 'EdDSA' : 'ES256',
    // The library's type names RSA members only; its client schema takes any public JWK.
    jwks: { keys: [service.publicJwk as never] },
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    dpop_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256',
  }));
  return [console, commandLine, saml, ...services];
}
