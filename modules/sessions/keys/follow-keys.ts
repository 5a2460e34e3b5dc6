// The types of the second import are in './initialize-keystore.d.ts': the library has none.
import type { Provider } from 'oidc-provider';
import initialize from 'oidc-provider/lib/helpers/initialize_keystore.js';
import type { KeyRing } from './create-key-ring.ts';

/**
 * Lets a provider sign with the key that signs now and publish all that are good. The library takes its
 * keys when it is made, with a function that can be called again: it puts a new store in the place of
 * the old one in one step, so a request has either, and both are whole.
 */
export function followKeys(provider: Provider, keys: KeyRing): void {
  keys.onChange((good) => initialize.call(provider, { keys: good.map((key) => ({ ...key })) }));
  // A key comes of age between two requests: whoever asks next finds it so.
  provider.use(async (_ctx, next) => {
    keys.at();
    await next();
  });
}
