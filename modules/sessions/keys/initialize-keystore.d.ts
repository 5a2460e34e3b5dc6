/** The library’s own reading of its keys, called with the provider as `this`; at construction, and by us again. */
declare module 'oidc-provider/lib/helpers/initialize_keystore.js' {
  import type { Provider } from 'oidc-provider';
  import type { JWK } from 'jose';

  export default function initialize(this: Provider, jwks: { keys: JWK[] }): void;
}
