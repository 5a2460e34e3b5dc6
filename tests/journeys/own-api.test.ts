import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FetchPort } from '@proofline/enforce';
import { createServiceTokens, dpopFetch, generateDpopKeys } from '@proofline/enforce/client';
import { systemClock, systemRandom } from '@proofline/kernel';
import { localFetch } from '../../demo/actors/local-fetch.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, expectAnswer } from '../../demo/story/stage.ts';
import { enrolWithDevice } from '../attacks/callers.ts';
import { openCompany, type Battlefield } from '../attacks/open-company.ts';
import { grantOn, proveCall, type ProvedCall } from '../attacks/proved-call.ts';
import { z } from 'zod';

const ROOT = new URL('../../', import.meta.url);
/** Below `node_modules`, so that its imports are found as those of an API that installed us. */
const folder = new URL('node_modules/.cache/readme-example/', ROOT);

/** What the README leaves to whoever reads it. */
interface Example {
  guardInvoices(own: {
    readonly app: Hono;
    readonly signedFetch: FetchPort;
    readonly readInvoices: (accountNumber: string) => readonly object[];
  }): void;
}

function exampleIn(readme: string): string {
  const text = readFileSync(new URL(readme, ROOT), 'utf8');
  return /```ts(?: guard)?\n(import [\s\S]*?enforce\([\s\S]*?)```/.exec(text)?.[1] ?? '';
}

/** The README's lines as they are, but for the two origins, which are those of this test. */
async function loadExample(of: {
  readonly staff: string;
  readonly billing: string;
}): Promise<Example> {
  const code = stripTypeScriptTypes(
    exampleIn('README.md')
      .replaceAll('https://staff.example', of.staff)
      .replaceAll('https://billing.example', of.billing),
  );
  const lines = code.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  const file = new URL('guard-invoices.mjs', folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    [
      ...lines.filter(isImport),
      'export function guardInvoices({ app, signedFetch, readInvoices }) {',
      ...lines.filter((line) => !isImport(line)),
      '}',
    ].join('\n'),
  );
  return (await import(/* @vite-ignore */ pathToFileURL(file.pathname).href)) as Example; // written above
}

let field: Battlefield;
let api: ServerType;
let billing: string;
let agent: Colleague;
let call: ProvedCall;
let accountNumber: string;
let handled = 0;

beforeAll(async () => {
  const app = new Hono();
  api = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(started),
    );
  });
  billing = `http://billing.localhost:${(api.address() as AddressInfo).port}`; // it listens on TCP
  field = await openCompany({ resourceOrigins: [billing] });
  const { company, stage } = field;
  const { staff } = company.origins;
  // Not every machine resolves *.localhost, and the example fetches the issuer's keys by itself.
  vi.stubGlobal('fetch', (url: string | URL, init: RequestInit = {}) =>
    localFetch(String(url), init),
  );
  const { id, key } = company.secrets.services.gateway;
  const keys = await generateDpopKeys();
  const ports = { clock: systemClock, random: systemRandom, fetch: localFetch };
  const service = { issuer: `${staff}/oidc`, clientId: id, clientKey: key, keys, ...ports };
  const example = await loadExample({ staff, billing });
  example.guardInvoices({
    app,
    signedFetch: dpopFetch({ keys, accessToken: createServiceTokens(service), ...ports }),
    readInvoices: (account) => {
      handled += 1;
      return [{ amountCents: 4_200, account, memo: 'for nobody' }];
    },
  });
  agent = await seatFounder(company, 'Ana Ruiz');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  call = await proveCall(stage, { agent, customer: phone, accountNumber });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  api.close();
  rmSync(folder, { recursive: true, force: true });
  await field.close();
});

async function readInvoices(grant: string, account = accountNumber) {
  const url = `${billing}/invoices/${account}`;
  const dpop = await agent.console.key.prove({ method: 'GET', url, accessToken: grant });
  return agent.device.ask(url, { headers: { authorization: `DPoP ${grant}`, dpop } });
}

async function billingGrant(): Promise<string> {
  const exchanged = await agent.console.exchange(call.caseId, ['invoice:read'], billing);
  const form = z.looseObject({ access_token: z.string() });
  return expectAnswer(exchanged, { status: 200, step: 'token exchange', form }).access_token;
}

describe('the README’s lines in an API of one’s own', () => {
  test('are the same in both READMEs, and at most twelve', () => {
    const lines = exampleIn('README.md').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(exampleIn('packages/enforce/README.md')).toBe(exampleIn('README.md'));
  });

  test('show an agent with a grant for this API what the decision lets be seen', async () => {
    const answer = await readInvoices(await billingGrant());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([{ amountCents: 4_200 }]);
  });

  test('take no grant for the gateway, and the gateway takes none for this API', async () => {
    const before = handled;
    const elsewhere = await grantOn(agent, call.caseId, ['invoice:read']);
    expect(codeOf(await readInvoices(elsewhere))).toBe('token.invalid');
    const path = `/customers/${accountNumber}/invoices`;
    const atGateway = await agent.console.gateway(await billingGrant(), { method: 'GET', path });
    expect(codeOf(atGateway)).toBe('token.invalid');
    expect(handled).toBe(before);
  });

  test('refuse another customer’s account, and everything once the call has ended', async () => {
    const before = handled;
    const grant = await billingGrant();
    const foreign = field.company.accountNumbers[1] ?? '';
    expect(codeOf(await readInvoices(grant, foreign))).toBe('access.denied');
    await agent.console.api('POST', `/api/interactions/${call.interactionId}/end`);
    expect((await readInvoices(grant)).status).toBeGreaterThanOrEqual(401);
    expect(handled).toBe(before);
  });
});
