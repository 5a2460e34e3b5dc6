import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { digestOf, termsOf } from './consents/domain/terms.ts';
import { migrations } from './index.ts';
import { ApplicationClient, callAsAdmin } from './testing/application-client.ts';
import { betweenLooks } from './testing/between-looks.ts';
import { bodyOf, createCustomersSide, errorOf as codeOf } from './testing/customers-side.ts';
import { createWorld, type World } from './testing/world.ts';

let storage: Storage;
let world: World;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  return () => world.close();
});

const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof ProblemError ? error.code : error;
  }
};

describe('customer sessions', () => {
  const cookieOf = (value: string | undefined) => ({
    method: 'GET',
    url: 'http://customers.localhost:4400/api/customer/self',
    authorization: undefined,
    dpop: undefined,
    cookie: (name: string) => (name === '__Host-customer' ? value : undefined),
  });
  const start = (
    authenticatorId = newId('ath', world.ports),
    customerId = newId('cus', world.ports),
  ) =>
    storage.transaction((tx) =>
      world.sessions.customerSessions.start(tx, {
        customerId,
        acr: 'phr',
        authenticatorId,
        authenticatorEvidenceId: newId('evt', world.ports),
      }),
    );

  it('live in a cookie whose secret is not stored', async () => {
    const { cookieSecret, sessionId } = await start();
    const caller = await world.sessions.authenticate.customer(cookieOf(cookieSecret));
    expect(caller).toMatchObject({ kind: 'customer', sessionId });
    const rows = await sql`SELECT * FROM sessions`.execute(storage.db);
    expect(JSON.stringify(rows.rows)).not.toContain(cookieSecret);
    const missing = world.sessions.authenticate.customer(cookieOf(undefined));
    expect(await errorOf(missing)).toBe('token.missing');
    const guessed = world.sessions.authenticate.customer(cookieOf('x'.repeat(43)));
    expect(await errorOf(guessed)).toBe('session.ended');
  });
  it('end with the passkey that they rest on, and none starts on it again', async () => {
    const [gone, stays] = [newId('ath', world.ports), newId('ath', world.ports)];
    const subjectId = newId('cus', world.ports);
    const lost = await start(gone, subjectId);
    const kept = await start(stays, subjectId);
    const others = await start(gone);
    const closeStreams = await storage.transaction((tx) =>
      world.sessions.registry.endSessionsOn(tx, { authenticatorId: gone, subjectId }),
    );
    expect(world.endedSessions).not.toContain(lost.sessionId);
    closeStreams();
    expect(world.endedSessions).toContain(lost.sessionId);
    const use = (secret: string) => world.sessions.authenticate.customer(cookieOf(secret));
    expect(await errorOf(use(lost.cookieSecret))).toBe('session.ended');
    expect(await errorOf(use(kept.cookieSecret))).toBe('no error');
    expect(await errorOf(use(others.cookieSecret))).toBe('no error');
    // A sign-in that was under way while the passkey was removed.
    expect(await errorOf(start(gone, subjectId))).toBe('ceremony.refused');
  });
  it('end when nobody knows what they rest on: a missing signal never widens', async () => {
    const subjectId = newId('cus', world.ports);
    const { cookieSecret, sessionId } = await start(undefined, subjectId);
    await sql`DELETE FROM session_authenticators WHERE session_id = ${sessionId}`.execute(
      storage.db,
    );
    await storage.transaction((tx) =>
      world.sessions.registry.endSessionsOn(tx, {
        authenticatorId: newId('ath', world.ports),
        subjectId,
      }),
    );
    const used = world.sessions.authenticate.customer(cookieOf(cookieSecret));
    expect(await errorOf(used)).toBe('session.ended');
  });
  it('go on while they are used, and end with evidence when they are not', async () => {
    const { cookieSecret } = await start();
    const use = () => world.sessions.authenticate.customer(cookieOf(cookieSecret));
    for (let times = 0; times < 3; times += 1) {
      world.clock.advance(25 * 60_000);
      await use();
    }
    world.clock.advance(30 * 60_000);
    expect(await errorOf(use())).toBe('session.ended');
    expect(world.evidence.at(-1)).toMatchObject({ facts: { because: 'idle-limit' } });
    const busy = await start();
    for (let minutes = 0; minutes < 110; minutes += 10) {
      world.clock.advance(10 * 60_000);
      await world.sessions.authenticate.customer(cookieOf(busy.cookieSecret));
    }
    world.clock.advance(10 * 60_000);
    const late = world.sessions.authenticate.customer(cookieOf(busy.cookieSecret));
    expect(await errorOf(late)).toBe('session.ended');
    expect(world.evidence.at(-1)).toMatchObject({ facts: { because: 'absolute-limit' } });
  });
  it('are over when they are ended', async () => {
    const { cookieSecret, sessionId } = await start();
    await world.sessions.customerSessions.end(sessionId);
    const late = world.sessions.authenticate.customer(cookieOf(cookieSecret));
    expect(await errorOf(late)).toBe('session.ended');
  });
});

describe('a code is of what its request was judged by', () => {
  const settings = { pushedRequests: false };
  async function open() {
    const between = betweenLooks(storage);
    const racing = await createWorld(between.storage);
    onTestFinished(() => racing.close());
    return { between, racing, side: createCustomersSide(racing), cora: newId('cus', racing.ports) };
  }
  type Opened = Awaited<ReturnType<typeof open>>;

  /** Asks silently; what happens meanwhile has happened before its code is written. */
  async function askWhile(
    { between, racing }: Opened,
    tool: ApplicationClient,
    of: { readonly scope?: string; readonly happens: () => Promise<unknown> },
  ) {
    // Once a minute what has run out is deleted.
    racing.clock.advance(61_000);
    between.once(async () => void (await of.happens()));
    const begun = await tool.authorize({ prompt: 'none', ...(of.scope && { scope: of.scope }) });
    expect(between.hasHappened()).toBe(true);
    expect(begun.location.href).toContain('code=');
    return codeOf(tool.redeem(begun, begun.location));
  }

  it('what was taken back and given again for less, meanwhile, is not what it was given on', async () => {
    const opened = await open();
    const { cora, side } = opened;
    const scope = 'openid profile account';
    const shop = await side.portal({ settings });
    await shop.signIn(cora, { scope });
    const narrow = await shop.authorize({ prompt: 'login' });
    const params = { applicationId: shop.clientId };
    const happens = async () => {
      await side.callAs(cora, 'customer.applications.withdraw', { params });
      const reply = await shop.page(narrow, `/finish?subject=${cora}&acr=phr`);
      expect(reply).toHaveProperty('redirectTo');
    };
    expect(await askWhile(opened, shop, { scope, happens })).toBe('invalid_grant');
  });

  it.each(['workforce', 'customers'] as const)(
    'nor is a policy that was raised meanwhile (%s)',
    async (realm) => {
      const opened = await open();
      const { cora, racing, side } = opened;
      const isStaff = realm === 'workforce';
      const tool = isStaff
        ? await ApplicationClient.create(racing, { settings })
        : await side.portal({ settings });
      const person: Id<'stf'> | Id<'cus'> = isStaff ? racing.anna : cora;
      await tool.signIn(person);
      const body = { ...bodyOf(tool), policy: { acr: 'phr', maxAgeSeconds: 10 } };
      const params = { applicationId: tool.clientId };
      const happens = () => callAsAdmin(racing, 'applications.change', { params, body });
      expect(await askWhile(opened, tool, { happens })).toBe('invalid_grant');
    },
  );
});

describe('what a customer agreed to with an application', () => {
  let side: ReturnType<typeof createCustomersSide>;
  let cora: Id<'cus'>;
  beforeEach(() => {
    side = createCustomersSide(world);
    cora = newId('cus', world.ports);
  });
  const silently = async (shop: ApplicationClient, scope = 'openid') => {
    const { location } = await shop.authorize({ scope, prompt: 'none' });
    return location.searchParams.get('error') ?? 'signed in';
  };
  const countRows = async () => {
    const rows = sql`select 1 from session_consents where customer_id = ${cora}`;
    return (await rows.execute(storage.db)).rows.length;
  };

  it('is no row that somebody else wrote, in whatever words', async () => {
    const shop = await side.portal();
    await shop.signIn(cora);
    expect(await silently(shop)).toBe('signed in');
    const learns = ['name', 'account-number'] as const;
    // All of it is known to whoever reads the database, save the key of the seal.
    await sql`update session_consents set learns = ${learns.join(' ')},
      terms_digest = ${digestOf(termsOf(shop.application, learns))}
      where customer_id = ${cora}`.execute(storage.db);
    expect(await silently(shop, 'openid profile account')).toBe('consent_required');
    expect(await silently(shop)).toBe('consent_required');
    expect(await side.callAs(cora, 'customer.applications')).toEqual({ applications: [] });
  });

  it('ends with a recovery of the account, and says so', async () => {
    const shop = await side.portal();
    const tokens = await shop.signIn(cora);
    const because = newId('evt', world.ports);
    await storage.transaction((tx) =>
      world.sessions.customerSessions.endConsents(tx, { customerId: cora, because }),
    );
    expect(await silently(shop)).toBe('consent_required');
    const sub = tokens.claims()?.sub ?? '';
    expect(await codeOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    const given = world.evidence.find(({ kind }) => kind === 'application.consented');
    expect(world.evidence.filter(({ kind }) => kind === 'application.consent-withdrawn')).toEqual([
      expect.objectContaining({
        causes: [given?.evidenceId, because],
        facts: { because: 'account-recovered' },
        subjects: { customer: cora },
      }),
    ]);
  });

  it('ends with the application', async () => {
    const shop = await side.portal();
    await shop.signIn(cora);
    expect(await countRows()).toBe(1);
    await callAsAdmin(world, 'applications.remove', { params: { applicationId: shop.clientId } });
    expect(await countRows()).toBe(0);
  });
});
