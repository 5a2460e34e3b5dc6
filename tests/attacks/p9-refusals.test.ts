import { newId, systemClock, systemRandom, type IdPrefix } from '@proofline/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../demo/actors/device.ts';
import { createDevice } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, panel, ring, selfOf } from '../../demo/story/stage.ts';
import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { startSignIn } from './authorization.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { enrolWithDevice, optionsAt, type CustomerAtHome } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';

let field: Battlefield;
let agent: Colleague;
let bayo: Colleague;
let victim: CustomerAtHome;

beforeAll(async () => {
  field = await openCompany();
  const { company } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  bayo = await seatFounder(company, 'Bayo Adeyemi');
  victim = await enrolWithDevice(company, company.accountNumbers[0] ?? '');
});
afterAll(() => field.close());

const unknown = (prefix: IdPrefix) => newId(prefix, { clock: systemClock, random: systemRandom });

/** Everything of an answer that could tell one case from another: all but ids and times of the answer itself. */
function telling({ status, body, headers }: Answer): string {
  const kept = [...headers]
    .filter(([name]) => !['date', 'request-id', 'proofline-decision', 'set-cookie'].includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  const text = JSON.stringify(body)
    .replaceAll(/(req|dec|prq|cas)_[0-9a-z]{26}/g, '$1')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/"matchingNumber":"\d\d"/g, 'number')
    .replaceAll(/"challenge":"[\w-]+"/g, 'challenge');
  return `${status} ${kept.join('\n')} ${text}`;
}

describe('P9: somebody else’s and nobody’s look the same', () => {
  test('an account at the gateway, on every route', async () => {
    const { accountNumber, phone } = victim;
    const call = await proveCall(field.stage, { agent, customer: phone, accountNumber });
    const grant = await grantOn(agent, call.caseId);
    const foreign = field.company.accountNumbers[5] ?? '';
    const routes: readonly (readonly [string, string, unknown])[] = [
      ['GET', '', undefined],
      ['GET', '/invoices', undefined],
      ['PATCH', '/delivery-preference', { deliveryPreference: 'portal' }],
      ['PUT', '/billing-address', { street: 'x', postalCode: '1', city: 'X', country: 'DE' }],
      [
        'POST',
        '/refunds',
        { invoiceId: 'INV-10006-202601', amountCents: 1, reason: 'billing-error' },
      ],
    ];
    for (const [method, rest, json] of routes) {
      const ask = (account: string) =>
        agent.console.gateway(grant, { method, path: `/customers/${account}${rest}`, json });
      const [theirs, nobodys] = [await ask(foreign), await ask('MH-99999')];
      expect(telling(theirs)).toBe(telling(nobodys));
      expect(codeOf(theirs)).toBe('access.denied');
    }
    await agent.console.api('POST', `/api/interactions/${call.interactionId}/end`);
  });

  test('a call, a person, an approval, a session, an entry and a decision', async () => {
    const interactionId = await ring(field.stage, bayo);
    const self = await selfOf(bayo);
    const auditor = await seatFounder(field.company, 'Ulla Petersen');
    const found = await auditor.console.api('GET', '/api/evidence?count=200');
    const { entries } = found.body as {
      entries: { evidenceId: string; refs: Record<string, string> }[];
    }; // the contract's form
    const decisionId = entries.find(({ refs }) => 'decisionId' in refs)?.refs['decisionId'] ?? '';
    expect(decisionId).toMatch(/^dec_/);
    const asked: readonly (readonly [string, string, IdPrefix, string, unknown?])[] = [
      ['GET', '/api/interactions/ID', 'int', interactionId],
      ['POST', '/api/interactions/ID/end', 'int', interactionId],
      ['POST', '/api/interactions/ID/proof-requests/cancel', 'int', interactionId],
      [
        'POST',
        '/api/interactions/ID/call-codes',
        'int',
        interactionId,
        { code: 'ABCD23', purpose: 'billing' },
      ],
      ['GET', '/api/people/ID', 'stf', self.subjectId],
      ['POST', '/api/sessions/ID/end', 'ses', self.sessionId],
      ['GET', '/api/evidence/ID', 'evt', entries[0]?.evidenceId ?? ''],
      ['GET', '/api/decisions/ID', 'dec', decisionId],
    ];
    for (const [method, path, prefix, id, json] of asked) {
      const ask = (one: string) => agent.console.api(method, path.replace('ID', one), json);
      const [theirs, nobodys] = [await ask(id), await ask(unknown(prefix))];
      expect(telling(theirs)).toBe(telling(nobodys));
      expect(theirs.status).toBe(403);
    }
  });

  test('an account number that the agent types: known, unknown, not enrolled', async () => {
    const accounts = [victim.accountNumber, 'MH-99999', field.company.accountNumbers[7] ?? ''];
    const told: string[] = [];
    const panels: string[] = [];
    const tookMs: number[] = [];
    for (const accountNumber of accounts) {
      const interactionId = await ring(field.stage, agent);
      const path = `/api/interactions/${interactionId}/proof-requests`;
      const watch = startStopwatch();
      told.push(
        telling(await agent.console.api('POST', path, { accountNumber, purpose: 'billing' })),
      );
      tookMs.push(watch.tookMs());
      const shown = await panel(agent, interactionId);
      panels.push(
        JSON.stringify({ ...shown.proofRequest, ids: undefined }).replaceAll(
          /"(proofRequestId|matchingNumber|expiresAt)":"[^"]+"/g,
          '$1',
        ),
      );
      await agent.console.api('POST', `/api/interactions/${interactionId}/end`);
    }
    expect(new Set(told).size).toBe(1);
    expect(new Set(panels).size).toBe(1);
    // A message is sent after the answer, not within it: nothing near a second lies between.
    expect(Math.max(...tookMs) - Math.min(...tookMs)).toBeLessThan(1_000);
  });

  test('account opening’s invitation of an unknown account and of a known one', async () => {
    const service = await field.company.service('account-opening');
    const invite = (accountNumber: string) =>
      service.call('POST', '/api/enrolments', { accountNumber });
    const known = await invite(field.company.accountNumbers[9] ?? '');
    const absent = await invite('MH-99999');
    expect(telling(absent)).toBe(telling(known));
    expect(known.status).toBe(202);
  });

  test('a link that never was, was used, and was opened elsewhere', async () => {
    const { staff, customers } = field.company.origins;
    const used = new URL(field.company.founderLinks.get('Ana Ruiz') ?? '').hash.slice(1);
    const url = `${staff}/api/onboarding/open`;
    const open = (secret: string) => createDevice().ask(url, { origin: staff, json: { secret } });
    expect(telling(await open(used))).toBe(telling(await open('A'.repeat(43))));
    const enrol = `${customers}/api/customer/enrolment/open`;
    const message = field.company.messages.findLast(({ link }) => link?.includes('#'));
    const spent = new URL(message?.link ?? '').hash.slice(1);
    const answers = [spent, 'B'.repeat(43)].map((secret) =>
      createDevice().ask(enrol, { origin: customers, json: { secret } }),
    );
    const [one, two] = await Promise.all(answers);
    expect(telling(one!)).toBe(telling(two!));
  });

  test('a passkey that is unknown and one that is wrong, at both sign-ins', async () => {
    const { staff, customers } = field.company.origins;
    const stranger = createSoftwareAuthenticator({ kind: 'synced' });
    const registration = (id: string) => ({
      rp: { id, name: 'x' },
      user: { id: 'c3RyYW5nZXI', name: 'x', displayName: 'x' },
      challenge: 'AAAA',
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      attestation: 'none',
    });
    await stranger.register({ options: registration('staff.localhost'), origin: staff });
    await stranger.register({ options: registration('customers.localhost'), origin: customers });
    const atDesk = async (passkeys: typeof stranger, misbehave = {}) => {
      const device = createDevice();
      const base = `${staff}/api/sign-in/${await startSignIn(device, staff)}`;
      const { ceremonyId, publicKey } = await optionsAt(device, `${base}/options`);
      const credential = await passkeys.assert({ options: publicKey, origin: staff, misbehave });
      return device.ask(`${base}/assertion`, { origin: staff, json: { ceremonyId, credential } });
    };
    const atHome = async (passkeys: typeof stranger, misbehave = {}) => {
      const device = createDevice();
      const base = `${customers}/api/customer/sign-in`;
      const { ceremonyId, publicKey } = await optionsAt(device, `${base}/options`);
      const options = { options: publicKey, origin: customers, misbehave };
      const credential = await passkeys.assert(options);
      return device.ask(base, { origin: customers, json: { ceremonyId, credential } });
    };
    const wrong = { signature: 'bit-flipped' } as const;
    expect(telling(await atDesk(stranger))).toBe(telling(await atDesk(agent.passkeys, wrong)));
    expect(telling(await atHome(stranger))).toBe(telling(await atHome(victim.passkeys, wrong)));
  });

  test('a search of evidence by those who are not entitled, for somebody and for nobody', async () => {
    const search = (id: string) => agent.console.api('GET', `/api/evidence?id=${id}`);
    expect(telling(await search(victim.accountNumber))).toBe(telling(await search('MH-99999')));
    expect((await search(victim.accountNumber)).status).toBe(403);
  });

  test('an agent’s lists hold nothing of a colleague’s', async () => {
    const interactionId = await ring(field.stage, bayo);
    for (const path of ['/api/interactions', '/api/approvals', '/api/cases']) {
      const { body } = await agent.console.api('GET', path);
      expect(JSON.stringify(body)).not.toContain(interactionId);
    }
  });
});

describe('P9: a refusal holds nothing of the inside', () => {
  const inside = new RegExp(
    [
      String.raw`\\n\s+at |\.ts:|node_modules|/(home|root|usr|var|tmp)/`,
      'select |insert into|violates|duplicate key|kysely|pglite|postgres',
      String.raw`ECONN|syntax error|\[object`,
    ].join('|'),
    'i',
  );

  test('whatever is sent', async () => {
    const { staff, customers } = field.company.origins;
    const texts = [
      "' or 1=1 --",
      '\u0000',
      '%00',
      '../../etc/passwd',
      '${7*7}',
      '\ud800',
      '𝕏'.repeat(200),
    ];
    const answers: Answer[] = [];
    for (const text of texts) {
      answers.push(
        await agent.console.api(
          'GET',
          `/api/interactions/${encodeURIComponent(text.toWellFormed())}`,
        ),
        await agent.console.api(
          'GET',
          `/api/evidence?id=${encodeURIComponent(text.toWellFormed())}`,
        ),
        await agent.console.api('POST', '/api/approvals', { interactionId: text, action: text }),
        await createDevice().ask(`${staff}/api/onboarding/open`, {
          origin: staff,
          json: { secret: text.padEnd(20, 'x') },
        }),
        await createDevice().ask(`${customers}/api/customer/enrolment/open`, {
          origin: customers,
          json: { secret: text.padEnd(20, 'x') },
        }),
      );
    }
    for (const { status, body } of answers) {
      expect(JSON.stringify(body)).not.toMatch(inside);
      expect(`${status} ${JSON.stringify(body)}`).not.toMatch(/^5/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  test('and a text with a NUL in it, where the caller is entitled, is no fault of ours', async () => {
    const hr = await seatFounder(field.company, 'Ines Okafor');
    const telephony = await field.company.service('telephony');
    const opening = await field.company.service('account-opening');
    const auditor = await seatFounder(field.company, 'Ulla Petersen').catch(() => undefined);
    const { subjectId } = await selfOf(agent);
    const interactionId = await ring(field.stage, agent);
    const nul = 'a\u0000b';
    const answers = [
      await hr.console.api('POST', '/api/onboarding/invitations', {
        displayName: nul,
        desk: nul,
        employeeNumber: 'NU-1',
      }),
      await telephony.call('POST', '/api/interactions', {
        externalId: nul,
        channel: 'call',
        agentId: subjectId,
      }),
      await opening.call('POST', '/api/enrolments', { accountNumber: nul }),
      await agent.console.api('POST', `/api/interactions/${interactionId}/proof-requests`, {
        accountNumber: nul,
        purpose: 'billing',
      }),
      await agent.console.api('POST', `/api/interactions/${interactionId}/call-codes`, {
        code: `AB${nul}`,
        purpose: 'billing',
      }),
      await agent.console.api('POST', '/api/approvals', {
        interactionId,
        action: 'refund:initiate',
        resource: { type: 'Account', id: 'MH-10001' },
        body: { reason: nul },
        note: nul,
      }),
      ...(auditor === undefined
        ? []
        : [await auditor.console.api('GET', `/api/evidence?id=${encodeURIComponent(nul)}`)]),
    ];
    for (const { status, body } of answers) {
      expect(`${status} ${JSON.stringify(body)}`).not.toMatch(/^5/);
      expect(JSON.stringify(body)).not.toMatch(inside);
    }
  });
});
