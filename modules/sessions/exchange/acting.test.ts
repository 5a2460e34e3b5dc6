import type { OidcSettings } from '@proofline/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import * as oidc from 'openid-client';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { ApplicationClient, callAsAdmin } from '../testing/application-client.ts';
import { createWorld, type World } from '../testing/world.ts';
import { actBy } from './act-chain.ts';

const [orders, stock, ledger] = ['orders', 'stock', 'ledger'].map(
  (name) => `https://${name}.example/`,
);
const [first, second, third] = [orders!, stock!, ledger!];

let storage: Storage;
let world: World;
let tool: ApplicationClient;
let acting: ApplicationClient;
let next: ApplicationClient;
let last: ApplicationClient;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage);
  const make = (settings: Partial<OidcSettings>) => ApplicationClient.create(world, { settings });
  tool = await make({ asksFor: [first, second, third] });
  acting = await make({ serves: [first], asksFor: [second, third], actsFor: true });
  next = await make({ serves: [second], asksFor: [third, first], actsFor: true });
  last = await make({ serves: [third] });
});
afterAll(async () => {
  await world.close();
  await storage.close();
});

async function tokenFor(resource: string): Promise<string> {
  const begun = await tool.authorize({ resource });
  const callback = begun.location.searchParams.has('code')
    ? begun.location
    : await tool.answer(begun, world.anna);
  return (await tool.redeem(begun, callback)).access_token;
}

/** As an API does that was called with this token. */
function exchange(by: ApplicationClient, token: string, more: Record<string, string> = {}) {
  const asked = {
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    resource: second,
    ...more,
  };
  const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
  return oidc.genericGrantRequest(by.config, grant, asked, {
    DPoP: oidc.getDPoPHandle(by.config, by.keys),
  });
}
const worth = (by: ApplicationClient, token: string) => oidc.tokenIntrospection(by.config, token);
const errorOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'no error',
    (error: { error?: string }) => error.error ?? String(error),
  );

describe('an API that acts for whoever called it', () => {
  it('gets a token for the next API alone, which says for whom and who acts, all of them', async () => {
    const token = await tokenFor(first);
    const got = await exchange(acting, token);
    expect(got.expires_in).toBeLessThanOrEqual(300);
    const told = await worth(next, got.access_token);
    expect(told).toMatchObject({
      active: true,
      sub: world.anna,
      aud: second,
      client_id: acting.clientId,
      acr: 'phr',
      act: { sub: acting.clientId },
      cnf: { jkt: expect.any(String) },
    });
    expect(await worth(last, got.access_token)).toEqual({ active: false });
    const further = await exchange(next, got.access_token, { resource: third });
    expect(await worth(last, further.access_token)).toMatchObject({
      sub: world.anna,
      act: { sub: next.clientId, act: { sub: acting.clientId } },
    });
    const entry = world.evidence.findLast(({ kind }) => kind === 'application.acted');
    expect(entry).toMatchObject({
      refs: { applicationId: next.clientId },
      facts: { calledBy: acting.clientId, resource: third },
    });
  });

  it('is over with the session, at the next question', async () => {
    const got = await exchange(acting, await tokenFor(first));
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    expect((await worth(next, got.access_token)).active).toBe(true);
    await world.sessions.registry.endSession(session!.sessionId, 'revoked', world.bela);
    expect(await worth(next, got.access_token)).toEqual({ active: false });
  });

  it('is never wider than either, and never for a token of somebody else’s API', async () => {
    const token = await tokenFor(first);
    const narrow = await ApplicationClient.create(world, { settings: { asksFor: [first] } });
    const begun = await narrow.authorize({ resource: first });
    const callback = await narrow.answer(begun, world.anna);
    const { access_token: narrowToken } = await narrow.redeem(begun, callback);
    expect(await errorOf(exchange(acting, narrowToken))).toBe('invalid_target');
    expect(await errorOf(exchange(acting, token, { resource: first }))).toBe('invalid_target');
    expect(await errorOf(exchange(next, token, { resource: third }))).toBe('invalid_grant');
    expect(await errorOf(exchange(acting, 'nothing'))).toBe('invalid_grant');
    // Its own tokens, which are for nobody’s API, are no way up.
    expect(await errorOf(exchange(last, token))).not.toBe('no error');
    expect(await errorOf(exchange(tool, token))).not.toBe('no error');
  });

  it('asks of whom it acts for what its policy asks', async () => {
    const settings = { serves: [first], asksFor: [second], actsFor: true as const };
    const strict = await ApplicationClient.create(world, {
      policy: { acr: 'phrh' },
      settings,
    });
    expect(await errorOf(exchange(strict, await tokenFor(first)))).toBe('invalid_grant');
  });

  it('is over once it is suspended, or the token that it was called with is given back', async () => {
    const token = await tokenFor(first);
    const got = await exchange(acting, token);
    await oidc.tokenRevocation(tool.config, token);
    expect(await errorOf(exchange(acting, token))).toBe('invalid_grant');
    await callAsAdmin(world, 'applications.suspend', {
      params: { applicationId: acting.clientId },
    });
    expect(await worth(next, got.access_token)).toEqual({ active: false });
  });
});

it('nobody stands in a chain twice, and it ends somewhere', () => {
  const two = { sub: 'b', act: { sub: 'a' } };
  expect(actBy('c', two)).toEqual({ sub: 'c', act: two });
  expect(actBy('a', two)).toBeUndefined();
  expect(actBy('e', { sub: 'd', act: { sub: 'c', act: two } })).toBeUndefined();
});
