import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  listPipelineReplays,
  PipelineCandidate,
  PipelineDifferences,
  readUnused,
  roles,
  listServices,
} from '@proofline/protocol';
import { readPolicies } from '@proofline/server/read-policies';
import { freshDatabase } from '../tests/harness/open-test-storage.ts';
import { openConsole } from './actors/console-session.ts';
import { createCustomerPhone } from './actors/customer-phone.ts';
import { createDevice } from './actors/device.ts';
import { onboard } from './actors/onboard.ts';
import { demoCustomers } from './company.ts';
import { demoStaff } from './staff.ts';
import { startCompany, type Company } from './start-company.ts';

describe('the demo’s company', () => {
  it('is the same every time', () => {
    expect(demoCustomers()).toEqual(demoCustomers());
    expect(demoCustomers()).toHaveLength(340);
    expect(new Set(demoCustomers().map(({ accountNumber }) => accountNumber)).size).toBe(340);
    expect(new Set(demoCustomers().map(({ contact }) => contact.address)).size).toBe(340);
  });

  it('can reach nobody: every number is kept free for drama', () => {
    for (const { contact } of demoCustomers())
      expect(contact.address).toMatch(/^\+44 7700 900\d{3}$/);
  });

  it('has somebody in every role', () => {
    const seated = new Set(demoStaff.map(({ role }) => role));
    expect([...seated].toSorted()).toEqual(roles.toSorted());
  });
});

const POLL = { timeout: 60_000, interval: 200 };

/** What is there, table by table. */
async function count(company: Company) {
  const { storage } = company.server.composition;
  const one = async (table: string) => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from ${sql.table(table)}`.execute(storage.db);
    return Number(rows[0]?.n);
  };
  return { customers: await one('customers'), cases: await one('cases') };
}

// Start, stop, start: what somebody made of the demo yesterday is there today.
describe('a second start of the same directory', { timeout: 180_000 }, () => {
  const device = createDevice();
  const phoneDevice = createDevice();
  const phoneKeys = createSoftwareAuthenticator({ kind: 'synced' });
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  let directory: string;
  let database: Awaited<ReturnType<typeof freshDatabase>> | undefined;
  let company: Company;

  const start = () =>
    startCompany({
      directory,
      ports: 'free',
      logLevel: 'silent',
      pastWork: true,
      ...(database === undefined ? {} : { databaseUrl: database.url }),
    });
  const consoleOf = (passkeys: Parameters<typeof openConsole>[0]['passkeys']) => {
    const { staff, gateway } = company.origins;
    return openConsole({ staffOrigin: staff, gatewayOrigin: gateway, device, passkeys });
  };
  const phoneOf = () =>
    createCustomerPhone({
      customersOrigin: company.origins.customers,
      device: phoneDevice,
      passkeys: phoneKeys,
    });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-twice-'));
    database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
    company = await start();
  });
  afterAll(async () => {
    await company.close();
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('begins with work that was done, so that unused rights stand out', async () => {
    const { decisions, ledger } = company.server.composition;
    const unused = decisions.routes.find(({ route }) => route.id === readUnused.id);
    // As the edge hands over the query.
    const told = await unused?.handler({ query: { days: 30 } } as never);
    const found = readUnused.reply.parse(told);
    expect(found.decisions).toBeGreaterThan(200);
    const idleOf = (role: string) =>
      (found.roles.find((one) => one.role === role)?.held ?? [])
        .filter(({ uses, keptBecause }) => uses === 0 && keptBecause === undefined)
        .map(({ action }) => action);
    expect(idleOf('billing-agent')).toEqual([
      'credit-limit:raise',
      'debt:write-off',
      'invoice:correct',
    ]);
    expect(idleOf('supervisor')).toEqual([]);
    expect(idleOf('auditor')).toEqual([]);
    expect(await ledger.check()).toEqual([]);
  });

  it('begins with a program that signs its requests, and has scopes that it never used', async () => {
    const { sessions } = company.server.composition;
    const list = sessions.routes.find(({ route }) => route.id === listServices.id);
    // As the edge hands over a call that brings nothing.
    const { services } = listServices.reply.parse(await list?.handler({} as never));
    const reports = services.find(({ name }) => name === 'Night reports');
    expect(reports).toMatchObject({ proves: 'signature', origin: 'registered' });
    expect(reports?.lastUsedAt).toBeDefined();
    const used = reports?.scopes.filter(({ lastUsedAt }) => lastUsedAt !== undefined);
    expect(used?.map(({ action }) => action)).toEqual(['decision:evaluate']);
    const unused = reports?.scopes.filter((scope) => scope.unused);
    expect(unused?.map(({ action }) => action)).toEqual(['decision:search', 'result:report']);
  });

  it('has its log signed by a witness whose key is not its own', async () => {
    const { ledger } = company.server.composition;
    const standing = () => ledger.health().witnesses?.witnesses;
    await expect.poll(() => standing()?.[0]?.signed?.size, POLL).toBeGreaterThan(200);
    expect(standing()).toMatchObject([{ name: 'client', state: 'signs' }]);
  });

  it('has a change in its tour that would have stopped somebody', async () => {
    const tour = readFileSync(new URL('../docs/start/play-the-demo.md', import.meta.url), 'utf8');
    expect(tour).toContain('tier.fresh-customer-proof');
    expect(tour).toMatch(/write\s+`120` for `300`/);
    const pipeline = await company.service('pipeline');
    const call = async (method: string, path: string, body?: object) => {
      const answer = await pipeline.call(method, `/api/pipeline/candidates${path}`, body);
      expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
      return answer.body;
    };
    const { text, cases } = readPolicies();
    const { schema, invariants } = text;
    const files = text.policies.map((file) => ({
      ...file,
      text: file.path.endsWith('fresh-customer-proof.cedar')
        ? file.text.replace('ageSeconds <= 300', 'ageSeconds <= 120')
        : file.text,
    }));
    const proposed = PipelineCandidate.parse(
      await call('POST', '', { schema, files, cases, invariants, note: 'Two minutes' }),
    );
    const of = `/${proposed.candidateId}`;
    await call('POST', `${of}/replays`, { hours: 24 });
    await expect
      .poll(async () => {
        const told = listPipelineReplays.reply.parse(await call('GET', `${of}/replays`));
        return told.replays[0]?.state;
      }, POLL)
      .toBe('finished');
    const [replay] = listPipelineReplays.reply.parse(await call('GET', `${of}/replays`)).replays;
    const seen = PipelineDifferences.parse(
      await call('GET', `${of}/differences?replay=${replay?.replayId}`),
    );
    // As the tour says it: six changes of a billing address, by two colleagues.
    expect(seen.subjects).toEqual([{ change: 'stopped', count: 2 }]);
    expect(seen.samples.map(({ action, change }) => [action, change])).toEqual(
      Array.from({ length: 6 }, () => ['billing-address:update', 'stopped']),
    );
  });

  it('keeps staff, customers, cases, evidence, passkeys and links, and seeds nothing twice', async () => {
    const { authority } = company;
    const passkeys = createSoftwareAuthenticator({ kind: 'device-bound', authority });
    const link = company.founderLinks.get(company.founders.auditor) ?? '';
    await onboard({ link, device, passkeys });
    const [accountNumber = ''] = company.accountNumbers;
    await phoneOf().enrol(company.messageTo(accountNumber).link ?? '');
    const before = await count(company);
    const sizeBefore = company.server.composition.ledger.health().size;
    const pathsBefore = [...company.founderLinks.values()].map((text) => new URL(text).hash);
    expect(before).toEqual({ customers: 340, cases: 40 });

    await company.close();
    company = await start();

    expect(await count(company)).toEqual(before);
    expect(company.server.composition.ledger.health().size).toBeGreaterThanOrEqual(sizeBefore);
    expect(await company.server.composition.ledger.check()).toEqual([]);
    // The same links, at today's ports.
    const links = [...company.founderLinks.values()];
    expect(links.map((text) => new URL(text).hash)).toEqual(pathsBefore);
    for (const text of links) expect(new URL(text).origin).toBe(company.origins.staff);

    const signedIn = await consoleOf(passkeys);
    await signedIn.signIn();
    const self = await signedIn.api('GET', '/api/self');
    expect(self.body).toMatchObject({ displayName: company.founders.auditor });

    const phone = phoneOf();
    await phone.signIn();
    expect(await phone.self()).toBeDefined();

    // The phones kept what they had, and nobody is invited twice.
    const invited = company.messages.map(({ to }) => to);
    const [first, second] = demoCustomers();
    for (const customer of [first, second]) {
      expect(invited.filter((to) => to === customer?.contact.address)).toHaveLength(1);
    }
  });
});
