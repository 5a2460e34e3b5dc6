import { samlClientId } from '../../oidc/clients.ts';
import type { SamlContext } from '../saml-context.ts';
import { readUnderWay } from '../store/under-way-rows.ts';
import { PendingSignIn } from './pending-sign-in.ts';

/** To whom somebody signs in who came through our own client; the page shows it. */
export async function nameOfServiceProvider(
  context: SamlContext,
  clientId: string,
  state: string,
): Promise<string | undefined> {
  if (clientId !== samlClientId) return undefined;
  const pending = PendingSignIn.safeParse(await readUnderWay(context, 'sign-in', state)).data;
  const found =
    pending && (await context.serviceProviders.findByApplication(pending.applicationId));
  return found?.name;
}
