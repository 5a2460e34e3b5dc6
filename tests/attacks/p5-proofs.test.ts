import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { CeremonyOptions } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../demo/actors/device.ts';
import { createDevice } from '../../demo/actors/device.ts';
import { doorOf } from '../../demo/actors/customer-phone.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { askForProof, codeOf, expectAnswer, panel, ring } from '../../demo/story/stage.ts';
import { enrolWithDevice, type CustomerAtHome } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantError, grantOn, proveCall } from './proved-call.ts';

let field: Battlefield;
let ana: Colleague;
let bayo: Colleague;
let next = 0;

beforeAll(async () => {
  field = await openCompany();
  ana = await seatFounder(field.company, 'Ana Ruiz');
  bayo = await seatFounder(field.company, 'Bayo Adeyemi');
});
afterAll(() => field.close());

/** A customer of one's own for each attack: three requests an hour are all that anybody gets. */
async function newCustomer(): Promise<CustomerAtHome> {
  next += 1;
  return enrolWithDevice(field.company, field.company.accountNumbers[next] ?? '');
}

const customers = () => field.company.origins.customers;

/** As the page that the link of a message opens. */
function atPage(link: string, step: string, json: unknown): Promise<Answer> {
  const { path, headers } = doorOf(link);
  const url = `${customers()}/api/customer${path}/${step}`;
  return createDevice().ask(url, { origin: customers(), headers, json });
}

/** An open request on a fresh call. */
async function openRequest(customer: CustomerAtHome, agent = ana) {
  const interactionId = await ring(field.stage, agent);
  const { accountNumber } = customer;
  const asked = await askForProof(field.stage, agent, { interactionId, accountNumber });
  const { proofRequestId: requestId, matchingNumber: number = '' } = asked.request;
  return { interactionId, requestId, link: asked.link, number };
}

/** The passkey prompt of a request. */
async function prompt({ link, number }: { link: string; number: string }) {
  const asked = await atPage(link, 'options', { matchingNumber: number });
  return expectAnswer(asked, { status: 200, step: 'options', form: CeremonyOptions });
}

function answer(link: string, ceremonyId: string, credential: unknown): Promise<Answer> {
  return atPage(link, 'assertion', { ceremonyId, credential });
}

async function isProved(interactionId: string, agent = ana): Promise<boolean> {
  return (await panel(agent, interactionId)).callerProved;
}

const end = (interactionId: string, agent = ana) =>
  agent.console.api('POST', `/api/interactions/${interactionId}/end`);

const read = (agent: Colleague, grant: string, accountNumber: string) =>
  agent.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` });

describe('P5: an assertion is worth nothing elsewhere', () => {
  test('made for one call, it does not prove another call', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()];
    const first = await openRequest(one);
    const second = await openRequest(two, bayo);
    const { publicKey } = await prompt(first);
    const { ceremonyId } = await prompt(second);
    const credential = await one.passkeys.assert({ options: publicKey, origin: customers() });
    expect((await answer(second.link, ceremonyId, credential)).status).toBe(400);
    expect(await isProved(second.interactionId, bayo)).toBe(false);
  });

  test('customer A’s passkey does not answer the request to customer B', async () => {
    const [victim, mallory] = [await newCustomer(), await newCustomer()];
    const request = await openRequest(victim);
    const { ceremonyId, publicKey } = await prompt(request);
    const credential = await mallory.passkeys.assert({ options: publicKey, origin: customers() });
    expect(codeOf(await answer(request.link, ceremonyId, credential))).toBe('ceremony.refused');
    expect(await isProved(request.interactionId)).toBe(false);
  });

  test('replayed, it does not prove a second request of the same customer', async () => {
    const customer = await newCustomer();
    const first = await openRequest(customer);
    const { ceremonyId, publicKey } = await prompt(first);
    const credential = await customer.passkeys.assert({ options: publicKey, origin: customers() });
    expect((await answer(first.link, ceremonyId, credential)).status).toBe(204);
    expect(codeOf(await answer(first.link, ceremonyId, credential))).toBe('proof.closed');
    await end(first.interactionId);
    const second = await openRequest(customer);
    const fresh = await prompt(second);
    const replayed = await answer(second.link, fresh.ceremonyId, credential);
    expect(codeOf(replayed)).toBe('ceremony.refused');
    expect(await isProved(second.interactionId)).toBe(false);
  });

  test.each([
    ['made on the staff origin', { origin: 'staff' }],
    ['made on a look-alike origin', { origin: 'http://customers.localhost.evil.example' }],
    ['made for the staff RP ID', { rpId: 'staff.localhost' }],
    ['made in a frame of another page', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['without user verification', { userVerified: false }],
    ['without user presence', { userPresent: false }],
    ['of a registration ceremony', { type: 'webauthn.create' }],
    ['with a broken signature', { signature: 'bit-flipped' }],
    ['with no signature', { signature: 'empty' }],
    ['signed by another key', { signature: 'other-key' }],
    ['with somebody else’s user handle', { userHandle: 'c29tZWJvZHk' }],
    ['that flips backup eligibility', { backupEligible: false, backedUp: false }],
  ] as const)('%s, it is refused', async (_, lie) => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const { ceremonyId, publicKey } = await prompt(request);
    const misbehave =
      'origin' in lie && lie.origin === 'staff' ? { origin: field.company.origins.staff } : lie;
    const options = { options: publicKey, origin: customers(), misbehave };
    const credential = await customer.passkeys.assert(options);
    expect(codeOf(await answer(request.link, ceremonyId, credential))).toMatch(
      /^(ceremony\.refused|request\.malformed)$/,
    );
    expect(await isProved(request.interactionId)).toBe(false);
  });

  test.each(['agentId', 'interactionId', 'caseId', 'purpose', 'company', 'expiresAt', 'nonce'])(
    'over a context with another %s, it is refused',
    async (member) => {
      const customer = await newCustomer();
      const request = await openRequest(customer);
      const asked = await atPage(request.link, 'options', { matchingNumber: request.number });
      const { ceremonyId, publicKey, context } = asked.body as {
        ceremonyId: string;
        publicKey: Record<string, unknown>;
        context: string;
      }; // the contract's form
      const shown = JSON.parse(context) as Record<string, string>;
      expect(shown[member]).toBeDefined();
      expect(publicKey['challenge']).toBe(sha256Base64url(canonicalJson(shown)));
      const challenge = sha256Base64url(canonicalJson({ ...shown, [member]: 'another' }));
      const credential = await customer.passkeys.assert({
        options: { ...publicKey, challenge },
        origin: customers(),
      });
      expect(codeOf(await answer(request.link, ceremonyId, credential))).toBe('ceremony.refused');
    },
  );

  test('with a ceremony that another prompt has replaced, it is refused', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const older = await prompt(request);
    await prompt(request);
    const credential = await customer.passkeys.assert({
      options: older.publicKey,
      origin: customers(),
    });
    const late = await answer(request.link, older.ceremonyId, credential);
    expect(late.status).toBeGreaterThanOrEqual(400);
    expect(await isProved(request.interactionId)).toBe(false);
  });
});

describe('P5: a request is of one call, one customer, one moment', () => {
  test('after the end of the call no answer binds', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const { ceremonyId, publicKey } = await prompt(request);
    const credential = await customer.passkeys.assert({ options: publicKey, origin: customers() });
    await end(request.interactionId);
    expect(codeOf(await answer(request.link, ceremonyId, credential))).toBe('proof.closed');
    expect(await isProved(request.interactionId)).toBe(false);
  });

  test('after its time no answer binds', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const { ceremonyId, publicKey } = await prompt(request);
    const credential = await customer.passkeys.assert({ options: publicKey, origin: customers() });
    await sql`update proof_requests set expires_at = now() - interval '1 second'
      where proof_request_id = ${request.requestId}`.execute(
      field.company.server.composition.storage.db,
    );
    expect(codeOf(await answer(request.link, ceremonyId, credential))).toBe('proof.closed');
    expect(await isProved(request.interactionId)).toBe(false);
  });

  test('the matching number cannot be tried out: one wrong one ends the request', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const wrong = request.number === '11' ? '12' : '11';
    const refused = await customer.phone.confirm(request.link, wrong);
    expect(codeOf(refused)).toBe('proof.number-wrong');
    const right = await customer.phone.confirm(request.link, request.number);
    expect(codeOf(right)).toBe('proof.closed');
  });

  test('the matching number cannot be left out', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    expect((await customer.phone.confirm(request.link)).status).toBe(409);
    expect(await isProved(request.interactionId)).toBe(false);
  });

  test('a second customer cannot prove themselves on a call that is proved', async () => {
    const [first, second] = [await newCustomer(), await newCustomer()];
    const { accountNumber } = first;
    const call = await proveCall(field.stage, { agent: ana, customer: first.phone, accountNumber });
    const path = `/api/interactions/${call.interactionId}`;
    const asked = await ana.console.api('POST', `${path}/proof-requests`, {
      accountNumber: second.accountNumber,
      purpose: 'billing',
    });
    expect(codeOf(asked)).toBe('proof.other-customer');
    await second.phone.signIn();
    const claimed = await ana.console.api('POST', `${path}/call-codes`, {
      code: await second.phone.callCode(),
      purpose: 'billing',
    });
    expect(codeOf(claimed)).toBe('proof.other-customer');
    const shown = await panel(ana, call.interactionId);
    expect(shown.proof?.accountNumber).toBe(accountNumber);
  });

  test('two answers at once bind one proof', async () => {
    const customer = await newCustomer();
    const request = await openRequest(customer);
    const { ceremonyId, publicKey } = await prompt(request);
    const credential = await customer.passkeys.assert({ options: publicKey, origin: customers() });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => answer(request.link, ceremonyId, credential)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test('an agent cannot ask on a colleague’s call, nor claim a code for it', async () => {
    const customer = await newCustomer();
    const interactionId = await ring(field.stage, bayo);
    const path = `/api/interactions/${interactionId}`;
    const before = field.company.messages.length;
    const { accountNumber } = customer;
    for (const [verb, json] of [
      ['proof-requests', { accountNumber, purpose: 'billing' }],
      ['call-codes', { code: 'ABCD23', purpose: 'billing' }],
      ['proof-requests/cancel', undefined],
      ['end', undefined],
    ] as const) {
      expect(codeOf(await ana.console.api('POST', `${path}/${verb}`, json))).toBe('access.denied');
    }
    expect(field.company.messages.length).toBe(before);
  });

  test('a customer is asked at most three times within the hour, by whichever agent', async () => {
    const customer = await newCustomer();
    const { accountNumber } = customer;
    for (let turn = 0; turn < 3; turn += 1) {
      const { interactionId } = await openRequest(customer, turn % 2 === 0 ? ana : bayo);
      await end(interactionId, turn % 2 === 0 ? ana : bayo);
    }
    const interactionId = await ring(field.stage, ana);
    const before = field.company.messages.length;
    const path = `/api/interactions/${interactionId}/proof-requests`;
    await ana.console.api('POST', path, { accountNumber, purpose: 'billing' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(field.company.messages.length).toBe(before);
    await end(interactionId);
  });

  test('and can start a proof themselves all the same: nobody uses up their own way', async () => {
    const customer = await newCustomer();
    for (let turn = 0; turn < 3; turn += 1) {
      const { interactionId, link } = await openRequest(customer);
      await customer.phone.decline(link, 'not-me');
      await end(interactionId);
    }
    await customer.phone.signIn();
    const interactionId = await ring(field.stage, bayo);
    const claimed = await bayo.console.api(
      'POST',
      `/api/interactions/${interactionId}/call-codes`,
      {
        code: await customer.phone.callCode(),
        purpose: 'billing',
      },
    );
    expect(claimed.status).toBe(202);
    const { openRequest: own } = await customer.phone.self();
    expect((await customer.phone.confirm(own?.proofRequestId ?? '')).status).toBe(204);
    expect(await isProved(interactionId, bayo)).toBe(true);
    await end(interactionId, bayo);
  });

  test('the message goes to the contact on file, never to one that the call names', async () => {
    const customer = await newCustomer();
    const interactionId = await ring(field.stage, ana);
    const path = `/api/interactions/${interactionId}/proof-requests`;
    const { accountNumber } = customer;
    for (const extra of [{ contact: '+44 7700 900999' }, { to: 'x' }, { phone: 'x' }]) {
      const body = { accountNumber, purpose: 'billing', ...extra };
      expect(codeOf(await ana.console.api('POST', path, body))).toBe('request.malformed');
    }
    await end(interactionId);
  });
});

describe('P5: a proof opens one case, for one agent, with one key', () => {
  let proved: Awaited<ReturnType<typeof proveCall>>;
  let accountNumber: string;
  let grant: string;

  beforeAll(async () => {
    const customer = await newCustomer();
    accountNumber = customer.accountNumber;
    proved = await proveCall(field.stage, { agent: ana, customer: customer.phone, accountNumber });
    grant = await grantOn(ana, proved.caseId);
  });

  test('and the agent’s own, rightly used, opens it', async () => {
    expect((await read(ana, grant, accountNumber)).status).toBe(200);
  });

  test('a colleague gets no grant on it', async () => {
    expect(grantError(await bayo.console.exchange(proved.caseId, ['account:read']))).toBe(
      'access_denied',
    );
  });

  test('a colleague cannot use the agent’s grant with a key of their own', async () => {
    expect(codeOf(await read(bayo, grant, accountNumber))).toMatch(/^token\./);
  });

  test('the grant opens no other customer’s account', async () => {
    const foreign = field.company.accountNumbers.at(-1) ?? '';
    expect(codeOf(await read(ana, grant, foreign))).toBe('access.denied');
  });

  test('the grant is no token for Proofline’s own API, nor the API’s token a grant', async () => {
    const url = `${field.company.origins.staff}/api/self`;
    const answered = await ana.device.ask(url, {
      headers: {
        authorization: `DPoP ${grant}`,
        dpop: await ana.console.key.prove({ method: 'GET', url, accessToken: grant }),
      },
    });
    expect(codeOf(answered)).toBe('token.invalid');
    expect(codeOf(await read(ana, ana.console.accessToken, accountNumber))).toBe('token.invalid');
  });

  test('the grant does not outlive its time', async () => {
    const { db } = field.company.server.composition.storage;
    await sql`update session_grants set expires_at = now() - interval '1 second'`.execute(db);
    expect(codeOf(await read(ana, grant, accountNumber))).toBe('grant.ended');
    grant = await grantOn(ana, proved.caseId);
  });

  test('a proof given for a complaint opens no billing matter', async () => {
    const customer = await newCustomer();
    const interactionId = await ring(field.stage, ana);
    const before = field.company.messages.length;
    await ana.console.api('POST', `/api/interactions/${interactionId}/proof-requests`, {
      accountNumber: customer.accountNumber,
      purpose: 'complaint',
    });
    const { link = '' } = await field.company.nextMessage(before);
    const { proofRequest } = await panel(ana, interactionId);
    await customer.phone.confirm(link, proofRequest?.matchingNumber);
    const { caseId = '', callerProved } = await panel(ana, interactionId);
    expect(callerProved).toBe(true);
    const narrow = await grantOn(ana, caseId);
    const path = `/customers/${customer.accountNumber}/delivery-preference`;
    const json = { deliveryPreference: 'portal' };
    const changed = await ana.console.gateway(narrow, { method: 'PATCH', path, json });
    expect(codeOf(changed)).toBe('access.denied');
    await end(interactionId);
  });

  test('a proof that is no longer fresh changes no billing address', async () => {
    const { db } = field.company.server.composition.storage;
    await sql`update proofs set bound_at = bound_at - interval '301 seconds'
      where interaction_id = ${proved.interactionId}`.execute(db);
    const path = `/customers/${accountNumber}/billing-address`;
    const json = { street: 'Fraud Lane 1', postalCode: '1', city: 'X', country: 'DE' };
    const moved = await ana.console.gateway(grant, { method: 'PUT', path, json });
    expect(codeOf(moved)).toBe('access.denied');
    expect(JSON.stringify(moved.body)).toContain('fresh');
  });
});
