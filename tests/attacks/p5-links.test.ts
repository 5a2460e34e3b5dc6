import {
  CeremonyOptions,
  LINK_SECRET_HEADER,
  listCustomerSignInRequests,
  readCustomerAuthenticators,
} from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doorOf } from '../../demo/actors/customer-phone.ts';
import { createDevice, type Answer } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { askForProof, codeOf, inquire, panel, ring } from '../../demo/story/stage.ts';
import { atOwnPage, openTerminal } from './asking-application.ts';
import { enrolWithDevice, type CustomerAtHome } from './callers.ts';
import { openStream } from './live-stream.ts';
import { openCompany, type Battlefield } from './open-company.ts';

let field: Battlefield;
let ana: Colleague;
let sol: Colleague;
let ulla: Colleague;
let next = 0;

beforeAll(async () => {
  field = await openCompany();
  ana = await seatFounder(field.company, 'Ana Ruiz');
  sol = await seatFounder(field.company, field.company.founders.supervisor);
  ulla = await seatFounder(field.company, field.company.founders.auditor);
});
afterAll(() => field.close());

const customers = () => field.company.origins.customers;
const secretOf = (link: string) => new URL(link).hash.slice(1);

async function newCustomer(): Promise<CustomerAtHome> {
  next += 1;
  return enrolWithDevice(field.company, field.company.accountNumbers[next] ?? '');
}

async function passkeyOf({ device }: CustomerAtHome): Promise<string> {
  const { body } = await device.ask(`${customers()}/api/customer/passkeys`);
  return readCustomerAuthenticators.reply.parse(body).authenticators[0]?.authenticatorId ?? '';
}

const end = (interactionId: string) =>
  ana.console.api('POST', `/api/interactions/${interactionId}/end`);

const credential = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
};

/** Everything that a customer's page asks about a request. */
const steps: readonly (readonly [string, unknown])[] = [
  ['', undefined],
  ['/options', { matchingNumber: '42' }],
  ['/assertion', { ceremonyId: 'cas_01k9h2m4zqe8vr5t7wx3yn6bcd', credential }],
  ['/decline', { because: 'not-me' }],
];

/** Tries all of it with a secret, or with none. */
async function tryPage(
  path: string,
  secret: string | undefined,
  device = createDevice(),
): Promise<Answer[]> {
  const headers = secret === undefined ? {} : { [LINK_SECRET_HEADER]: secret };
  const answers: Answer[] = [];
  for (const [step, json] of steps) {
    const url = `${customers()}/api/customer${path}${step}`;
    const more = json === undefined ? {} : { json };
    answers.push(await device.ask(url, { origin: customers(), headers, ...more }));
  }
  return answers;
}

/** What a colleague's own API and live events tell while something is going on. */
async function everythingTold(to: Colleague, during: () => Promise<void>): Promise<string> {
  const stream = await openStream(field.company, to);
  await during();
  // A heartbeat comes when nothing else waits: then all of it was heard.
  await stream.quiet();
  stream.close();
  expect(stream.heard.map(({ event }) => event)).toContain('interaction.changed');
  const told = [JSON.stringify(stream.heard)];
  for (const path of ['/api/interactions', '/api/cases', '/api/approvals', '/api/self']) {
    told.push(JSON.stringify((await to.console.api('GET', path)).body));
  }
  return told.join('\n');
}

/** An open request, and all that the agent who made it is told of it. */
async function askAndListen(customer: CustomerAtHome) {
  const interactionId = await ring(field.stage, ana);
  let link = '';
  const told = await everythingTold(ana, async () => {
    const { accountNumber } = customer;
    const asked = await askForProof(field.stage, ana, { interactionId, accountNumber });
    link = asked.link;
  });
  const shown = await panel(ana, interactionId);
  return { interactionId, link, shown, told: `${told}\n${JSON.stringify(shown)}` };
}

describe('P5: the page of a request is for whom the message came to', () => {
  test('the agent, with every id and text that the staff API and the live events give, opens nothing', async () => {
    const customer = await newCustomer();
    const { interactionId, link, shown, told } = await askAndListen(customer);
    const requestId = shown.proofRequest?.proofRequestId ?? '';
    expect(new URL(link).pathname).toContain(requestId);
    // Whatever is long enough to be taken for a secret: ids, digests, and her own token.
    const texts = new Set(told.match(/[\w.:-]{25,}/g));
    texts.add(ana.console.accessToken);
    expect(texts).not.toContain(secretOf(link));
    const ids = new Set(told.match(/prq_[0-9a-z]{26}/g));
    expect([...ids]).toEqual([requestId]);
    const { path } = doorOf(link);
    for (const answer of await tryPage(path, undefined, ana.device))
      expect(codeOf(answer)).toBe('proof.closed');
    for (const answer of await tryPage(`/self${path}`, undefined, ana.device))
      expect(codeOf(answer)).toBe('token.missing');
    expect(texts.size).toBeGreaterThan(5);
    for (const text of texts) {
      const url = `${customers()}/api/customer${path}/decline`;
      const headers = { [LINK_SECRET_HEADER]: text };
      const json = { because: 'not-me' };
      const said = await createDevice().ask(url, { origin: customers(), headers, json });
      expect(codeOf(said)).toBe('proof.closed');
    }
    expect((await panel(ana, interactionId)).proofRequest?.state).toBe('open');
    // The customer, by the message, does all of it.
    expect((await customer.phone.look(link)).agentName).toBe('Ana Ruiz');
    expect((await customer.phone.decline(link, 'not-me')).status).toBe(204);
    await end(interactionId);
  });

  test('nor does she open a request that the customer started, nor does another customer', async () => {
    const [customer, mallory] = [await newCustomer(), await newCustomer()];
    await customer.phone.signIn();
    await mallory.phone.signIn();
    const interactionId = await ring(field.stage, ana);
    const code = await customer.phone.callCode();
    const path = `/api/interactions/${interactionId}/call-codes`;
    await ana.console.api('POST', path, { code, purpose: 'billing' });
    const requestId = (await panel(ana, interactionId)).proofRequest?.proofRequestId ?? '';
    const byId = `/proof-requests/${requestId}`;
    for (const secret of [undefined, '', 'null', 'A'.repeat(43)])
      for (const answer of await tryPage(byId, secret)) expect(codeOf(answer)).toBe('proof.closed');
    for (const answer of await tryPage(`/self${byId}`, undefined, mallory.device))
      expect(codeOf(answer)).toBe('proof.closed');
    for (const answer of await tryPage(`/self${byId}`, undefined))
      expect(codeOf(answer)).toBe('token.missing');
    expect((await panel(ana, interactionId)).proofRequest?.state).toBe('open');
    expect((await customer.phone.confirm(requestId)).status).toBe(204);
    await end(interactionId);
  });

  test('a program that follows the link changes nothing', async () => {
    const customer = await newCustomer();
    const { interactionId, link } = await askAndListen(customer);
    const { path, headers } = doorOf(link);
    const page = await createDevice().ask(link.replace(/#.*/, ''));
    expect(page.status).toBe(200);
    for (const method of ['GET', 'HEAD'])
      await createDevice().ask(`${customers()}/api/customer${path}`, { method, headers });
    expect((await panel(ana, interactionId)).proofRequest?.state).toBe('open');
    await end(interactionId);
  });
});

describe('P9: the secret of a link', () => {
  test('is in no answer to staff, no evidence, no export, and nowhere in the database', async () => {
    const customer = await newCustomer();
    let link = '';
    let interactionId = '';
    const heard = await everythingTold(sol, async () => {
      const asked = await askAndListen(customer);
      ({ link, interactionId } = asked);
      expect(asked.told).not.toContain(secretOf(link));
    });
    const secret = secretOf(link);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(heard).not.toContain(secret);
    await customer.phone.decline(link, 'not-now');
    await end(interactionId);
    const json = { id: interactionId, purpose: 'attack on the export' };
    const exported = await ulla.console.api('POST', '/api/evidence/exports', json);
    expect(exported.status).toBe(200);
    const told = [JSON.stringify(exported.body)];
    const { body } = await ulla.console.api('GET', `/api/evidence?id=${interactionId}`);
    const { entries } = body as { entries: { evidenceId: string }[] }; // the contract's form
    expect(entries.length).toBeGreaterThan(3);
    const inquiryId = await inquire(ulla, 'attack on what was read');
    for (const { evidenceId } of entries) {
      const read = await ulla.console.api(
        'GET',
        `/api/evidence/${evidenceId}?inquiryId=${inquiryId}`,
      );
      expect(read.status).toBe(200);
      told.push(JSON.stringify(read.body));
    }
    expect(told.join('\n')).not.toContain(secret);
    const dump = await dumpOfSentMessages();
    expect(dump).toContain(interactionId);
    expect(dump).not.toContain(secret);
  });

  test('wrong, missing, or of another request: as if there were no such request, byte for byte', async () => {
    const customer = await newCustomer();
    const { interactionId, link, shown } = await askAndListen(customer);
    const others = field.company.messages.find((one) => one.link?.includes('/confirm/prq_'));
    expect(others?.link).toBe(link);
    const older = field.company.messages.filter((one) => one.link?.includes('/confirm/prq_'))[1];
    const known = shown.proofRequest?.proofRequestId ?? '';
    // A request that reached nobody has no link at all.
    await end(interactionId);
    const silent = await ring(field.stage, ana);
    const asked = await ana.console.api('POST', `/api/interactions/${silent}/proof-requests`, {
      accountNumber: 'MH-99999',
      purpose: 'billing',
    });
    const { proofRequestId: nobodys } = asked.body as { proofRequestId: string }; // the contract's form
    const told = new Set<string>();
    for (const id of [known, nobodys, 'prq_00000000000000000000000000'])
      for (const secret of [
        undefined,
        'A'.repeat(43),
        secretOf(older?.link ?? ''),
        'x'.repeat(5_000),
      ])
        told.add(JSON.stringify((await tryPage(`/proof-requests/${id}`, secret)).map(telling)));
    expect(told.size).toBe(1);
    expect([...told][0]).toContain('proof.closed');
    await end(silent);
  });

  test('is not to be found by trying: the tries are counted', async () => {
    const customer = await newCustomer();
    const { interactionId, link } = await askAndListen(customer);
    const url = `${customers()}/api/customer${doorOf(link).path}`;
    const said = new Map<string, number>();
    // The count begins anew each minute: twice as many are too many in any case.
    for (let turn = 0; turn < 1_300 && !said.has('request.too-many'); turn += 1) {
      const secret = String(turn).padStart(43, 'A');
      const answer = await createDevice().ask(url, { headers: { [LINK_SECRET_HEADER]: secret } });
      said.set(codeOf(answer), (said.get(codeOf(answer)) ?? 0) + 1);
    }
    expect([...said.keys()].toSorted()).toEqual(['proof.closed', 'request.too-many']);
    expect((await panel(ana, interactionId)).proofRequest?.state).toBe('open');
    await end(interactionId);
  });
});

/** All of an answer but its own id and time. */
function telling({ status, headers, body }: Answer): string {
  const kept = [...headers].filter(([name]) => !['date', 'request-id'].includes(name));
  return `${status} ${JSON.stringify(kept)} ${JSON.stringify(body).replaceAll(/req_[0-9a-z]{26}/g, 'req')}`;
}

/** Every row of every table as text, once no message waits to be sent any more. */
async function dumpOfSentMessages(): Promise<string> {
  const { db } = field.company.server.composition.storage;
  await expect
    .poll(
      async () => {
        const waiting = sql<{ n: number | string }>`
        select count(*) as n from customer_messages where state = 'waiting'`;
        return Number((await waiting.execute(db)).rows[0]?.n);
      },
      { timeout: 5_000 },
    )
    .toBe(0);
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(db);
  expect(tables.length).toBeGreaterThan(15);
  const dump: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`
      select row_to_json(one)::text as text from ${sql.table(name)} as one`.execute(db);
    dump.push(...rows.map(({ text }) => text));
  }
  return dump.join('\n');
}

describe('P5: a request of an application to sign in elsewhere', () => {
  test('is answered by its customer alone, over what they read, and opens nothing of ours', async () => {
    const { company } = field;
    const kiosk = await openTerminal(company, 'Kiosk', 'customers');
    const [cora, mallory] = [await newCustomer(), await newCustomer()];
    await cora.phone.signIn();
    await mallory.phone.signIn();
    const [hers, mine] = [atOwnPage(cora, customers()), atOwnPage(mallory, customers())];
    const before = company.messages.length;
    await kiosk.ask(cora.accountNumber, 'Code 1111');
    const { link, text } = await company.nextMessage(before);
    expect(link).toBe(`${customers()}/requests`);
    expect(text).not.toMatch(/1111|HX-|https?:/);
    const { requestId } = await hers.only();
    expect(codeOf(await mine.begin(requestId))).toBe('sign-in-request.unknown');
    expect(codeOf(await mine.refuse(requestId))).toBe('sign-in-request.unknown');
    // Whoever holds the cookie, and a genuine passkey of their own.
    const anyKey = { allowCredentials: [] };
    const stolen = await hers.prove(await hers.begin(requestId), mallory, anyKey);
    expect(codeOf(stolen)).toBe('ceremony.refused');
    const other = { challenge: 'A'.repeat(43) };
    expect(codeOf(await hers.prove(await hers.begin(requestId), cora, other))).toBe(
      'ceremony.refused',
    );
    const begun = await hers.begin(requestId);
    expect(codeOf(await mine.prove(begun, cora))).toBe('ceremony.expired');
    // The words change between the reading and the touch: what was read is what is signed.
    const second = await kiosk.ask(cora.accountNumber, 'Code 2222');
    expect(codeOf(await hers.prove(begun, cora))).toBe('sign-in-request.unknown');
    // A proof for something else is none for this, nor this one for something else.
    const read = await hers.only();
    const { body } = await cora.device.ask(`${customers()}/api/customer/passkeys/acts`, {
      origin: customers(),
      json: { act: { kind: 'rename', authenticatorId: await passkeyOf(cora), label: 'Mine' } },
    });
    const forAct = { challenge: CeremonyOptions.parse(body).publicKey['challenge'] };
    const crossed = await hers.prove(await hers.begin(read.requestId), cora, forAct);
    expect(codeOf(crossed)).toBe('ceremony.refused');
    expect(await kiosk.fetch(second.auth_req_id)).toBe('authorization_pending');
    expect((await hers.prove(await hers.begin(read.requestId), cora)).status).toBe(204);
    const tokens = await kiosk.fetch(second.auth_req_id);
    if (typeof tokens === 'string') throw new Error(tokens);
    for (const path of ['/api/customer/self', '/api/customer/passkeys']) {
      const headers = { authorization: `DPoP ${tokens.access_token}` };
      expect((await createDevice().ask(`${customers()}${path}`, { headers })).status).toBe(401);
    }
    // It ends with the session in which it was allowed, and no other customer is told of it.
    expect(listCustomerSignInRequests.reply.parse((await mine.list()).body).requests).toEqual([]);
  });
});
