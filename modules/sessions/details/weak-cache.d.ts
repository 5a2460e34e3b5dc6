/** The library’s own record of a provider: what it was configured with, as it reads it at each request. */
declare module 'oidc-provider/lib/helpers/weak_cache.js' {
  import type { Provider } from 'oidc-provider';

  export default function instance(provider: Provider): {
    readonly features: {
      readonly richAuthorizationRequests: { readonly types: Record<string, object> };
    };
  };
}
