import * as oidc from 'openid-client';
import { newId, type Id } from '@proofline/kernel';
import { ApplicationDraft } from '@proofline/protocol';
import { ApplicationClient } from './application-client.ts';
import type { Browser } from './browser.ts';
import { customersOrigin, type World } from './world.ts';

/** What a test says of an application. */
export type Given = NonNullable<Parameters<typeof ApplicationClient.create>[1]>;

/** The code of what was refused, whoever says it. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError) return error.error;
    if (error instanceof oidc.WWWAuthenticateChallengeError)
      return error.cause[0]?.parameters.error;
    return error instanceof Error && 'code' in error ? error.code : String(error);
  }
}

/** What is registered, as it is sent to change it. */
export const bodyOf = ({ application }: ApplicationClient) => ({
  ...ApplicationDraft.parse({
    name: application.name,
    realm: application.realm,
    policy: application.policy,
    settings: application.settings,
  }),
  version: application.version,
});

/** The customers’ side of a world. */
export function createCustomersSide(world: World) {
  return {
    /** A website of the company’s, for its customers. */
    portal: ({ settings, ...given }: Given = {}) =>
      ApplicationClient.create(world, {
        realm: 'customers',
        ...given,
        settings: { mayLearn: ['name', 'account-number'], ...settings },
      }),

    /** Calls a handler of the own page as this customer. */
    async callAs<T>(customerId: Id<'cus'>, routeId: string, call: object = {}): Promise<T> {
      const mounted = world.sessions.routes.find(({ route }) => route.id === routeId);
      if (!mounted) throw new Error(`${routeId} is not mounted`);
      const caller = { kind: 'customer', customerId, sessionId: newId('ses', world.ports) };
      // The edge validates what it passes; here the tests write it, and say what comes back.
      return (await mounted.handler({ caller, ...call } as never)) as T;
    },

    /** Who is signed in at the own page, in this browser. */
    customerOf: (browser: Browser) =>
      world.sessions.authenticate.customer({
        method: 'GET',
        url: `${customersOrigin}/api/customer/self`,
        authorization: undefined,
        dpop: undefined,
        cookie: (name) => browser.cookies.find((one) => one.name === name)?.value,
      }),
  };
}
