import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { ring, selfOf } from '../../demo/story/stage.ts';
import { callAs, enrolWithDevice, serviceCaller, type Caller } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';

let field: Battlefield;
let gateway: Caller;
let ana: Colleague;
let bayo: Colleague;
const self = { ana: { subjectId: '', sessionId: '' }, bayo: { subjectId: '', sessionId: '' } };
const account = { ana: '', bayo: '' };
const calls = { ana: '', bayo: '' };
let grantId = '';

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  gateway = await serviceCaller(company, 'gateway');
  ana = await seatFounder(company, 'Ana Ruiz');
  bayo = await seatFounder(company, 'Bayo Adeyemi');
  self.ana = await selfOf(ana);
  self.bayo = await selfOf(bayo);
  for (const [index, name] of (['ana', 'bayo'] as const).entries()) {
    const agent = name === 'ana' ? ana : bayo;
    const customer = await enrolWithDevice(company, company.accountNumbers[index] ?? '');
    account[name] = customer.accountNumber;
    const who = { agent, customer: customer.phone, accountNumber: customer.accountNumber };
    const { interactionId, caseId } = await proveCall(stage, who);
    calls[name] = interactionId;
    if (name === 'ana') {
      const grant = await grantOn(agent, caseId);
      grantId = z.object({ grant_id: z.string() }).parse(decodeJwt(grant)).grant_id;
    }
  }
});
afterAll(() => field.close());

const Found = z.object({
  results: z.array(z.looseObject({ id: z.string().optional(), name: z.string().optional() })),
});

async function search(kind: string, json: object) {
  const path = `/access/v1/search/${kind}`;
  const { staff: origin } = field.company.origins;
  const answer = await callAs(gateway, { origin, method: 'POST', path, json });
  expect(answer.status).toBe(200);
  return { results: Found.parse(JSON.parse(answer.text)).results, text: answer.text };
}

const subjectOf = (name: 'ana' | 'bayo') => ({ type: 'Staff', id: self[name].subjectId });
const action = { name: 'invoice:read' };
const inGrant = () => ({ session_id: self.ana.sessionId, grant_id: grantId });

describe('P9: a search tells of what its subject may act on, and of nothing else', () => {
  test('accounts: the one whose customer has proved on this very call', async () => {
    const asked = { action, resource: { type: 'Account' } };
    const found = await search('resource', {
      ...asked,
      subject: subjectOf('ana'),
      context: inGrant(),
    });
    expect(found.results).toEqual([
      {
        type: 'Account',
        id: account.ana,
        obligations: [expect.objectContaining({ id: 'fields' })],
      },
    ]);
    const stolen = await search('resource', {
      ...asked,
      subject: subjectOf('bayo'),
      context: { session_id: self.bayo.sessionId, grant_id: grantId },
    });
    expect(stolen.results).toEqual([]);
    expect(stolen.text).not.toContain(account.bayo);
  });

  test('calls: one’s own, and never a colleague’s', async () => {
    const own = await search('resource', {
      subject: subjectOf('ana'),
      action: { name: 'proof:request' },
      resource: { type: 'Interaction' },
      context: { session_id: self.ana.sessionId },
    });
    expect(own.results).toEqual([{ type: 'Interaction', id: calls.ana }]);
  });

  test('colleagues: who may act on this call, each in their own session', async () => {
    const found = await search('subject', {
      subject: { type: 'Staff' },
      action: { name: 'proof:request' },
      resource: { type: 'Interaction', id: calls.bayo },
    });
    expect(found.results).toEqual([
      { ...subjectOf('bayo'), properties: { session_id: self.bayo.sessionId } },
    ]);
  });

  test('somebody else’s account and no account at all look the same', async () => {
    const of = async (id: string) =>
      (
        await search('action', {
          subject: subjectOf('ana'),
          resource: { type: 'Account', id },
          context: inGrant(),
        })
      ).text;
    expect(await of(account.bayo)).toBe(await of('HX-99999'));
    expect(await of(account.ana)).toContain('invoice:read');
  });

  test('what has ended is found no more', async () => {
    const call = await ring(field.stage, bayo);
    const asked = {
      subject: subjectOf('bayo'),
      action: { name: 'proof:request' },
      resource: { type: 'Interaction' },
      context: { session_id: self.bayo.sessionId },
    };
    const ids = async () => (await search('resource', asked)).results.map(({ id }) => id);
    expect(await ids()).toContain(call);
    await bayo.console.api('POST', `/api/interactions/${call}/end`);
    expect(await ids()).not.toContain(call);
  });
});
