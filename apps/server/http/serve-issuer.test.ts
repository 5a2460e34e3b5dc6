import { fixedClock, limits } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import { expect, it } from 'vitest';
import { createCallerLimit } from './caller-limit.ts';
import { createIntake } from './intake.ts';
import { serveIssuer, type Issuer } from './serve-issuer.ts';

/** Both issuers behind one edge, called from one address. */
function open(issuers: Partial<Record<Realm, Issuer>> = {}) {
  const addressOf = () => '192.0.2.7';
  const rateLimit = createCallerLimit(fixedClock(0));
  const edge = { rateLimit, addressOf, intake: createIntake(addressOf) };
  const callTo = (realm: Realm) => {
    const serve = serveIssuer({ realm, issuer: issuers[realm] ?? (async () => undefined) }, edge);
    return (path: string): Promise<unknown> => {
      const env = { incoming: { socket: { destroyed: false } }, outgoing: {} };
      // As much of a request as is looked at here.
      const call = { env, req: { path: `/oidc/${path}`, method: 'GET' } } as never;
      return serve(call).then(
        () => 'served',
        (error: { readonly code?: unknown }) => error.code,
      );
    };
  };
  return { staff: callTo('workforce'), customers: callTo('customers') };
}

/** That many calls, one after the other; the answer of the last. */
async function times(count: number, call: () => Promise<unknown>): Promise<unknown> {
  let last: unknown;
  for (let n = 0; n < count; n += 1) last = await call();
  return last;
}
const most = limits.unprovedCallsPerMinuteMax;

it('what customers at an address use up, the staff there do not lack', async () => {
  const { customers, staff } = open();
  expect(await times(most, () => customers('token'))).toBe('served');
  expect(await customers('token')).toBe('request.too-many');
  expect(await staff('token')).toBe('served');
});

it('a crowd of customers does not stand before staff who are just signing in', async () => {
  const { customers, staff } = open({ customers: () => new Promise(() => undefined) });
  for (let n = 0; n < limits.turnsPerAddressMax; n += 1) void customers('auth');
  expect(await staff('jwks')).toBe('served');
});

it('strangers who press “Sign in” at a portal keep none of its customers out', async () => {
  // Each click is a call by the portal’s server, from its one address, with the portal’s own proof.
  let proves: string | undefined = 'app_portal';
  const { customers } = open({ customers: async () => proves });
  expect(await times(2 * most, () => customers('request'))).toBe('served');
  // Whoever is beside it and proves nothing is counted as ever.
  proves = undefined;
  expect(await times(most, () => customers('request'))).toBe('served');
  expect(await customers('request')).toBe('request.too-many');
});

it('a client that has proved itself has its bound as well', async () => {
  const { customers } = open({ customers: async () => 'app_portal' });
  const all = limits.provedCallsPerMinuteMax + most;
  expect(await times(all, () => customers('token'))).toBe('served');
  expect(await customers('token')).toBe('request.too-many');
});
