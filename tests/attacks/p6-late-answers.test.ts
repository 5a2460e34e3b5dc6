import { searchEvidence } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, expectAnswer } from '../../demo/story/stage.ts';
import { enrolWithDevice } from './callers.ts';
import { recordOf } from './crm.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';

let field: Battlefield;
let agent: Colleague;
let auditor: Colleague;

const canPause = process.platform !== 'win32';
if (!canPause) process.stdout.write('Skipped: this platform cannot stop a process (SIGSTOP).\n');

beforeAll(async () => {
  if (!canPause) return;
  field = await openCompany();
  agent = await seatFounder(field.company, 'Ana Ruiz');
  auditor = await seatFounder(field.company, 'Ulla Petersen');
});
afterAll(() => field?.close());

interface OpenCall {
  readonly accountNumber: string;
  readonly interactionId: string;
  readonly grant: string;
  /** How bills shall come from now on: another way than until now. */
  readonly wanted: string;
}

async function openCall(at: number): Promise<OpenCall> {
  const accountNumber = field.company.accountNumbers[at] ?? '';
  const { phone } = await enrolWithDevice(field.company, accountNumber);
  const call = await proveCall(field.stage, { agent, customer: phone, accountNumber });
  const record = await recordOf(field.company, accountNumber);
  const wanted = record.includes('"deliveryPreference":"portal"') ? 'post' : 'portal';
  return { ...call, accountNumber, wanted, grant: await grantOn(agent, call.caseId) };
}

/** How many of the two requests have been permitted. */
async function permitsOf(interactionId: string): Promise<number> {
  const { db } = field.company.server.composition.storage;
  const { rows } = await sql<{ n: number | string }>`
    select count(*) as n from decisions where effect = 'permit'
      and action in ('account:read', 'delivery-preference:update')
      and links like ${`%${interactionId}%`}`.execute(db);
  return Number(rows[0]?.n);
}

/**
 * A read and a change that are permitted while the guarded system hangs; then something ends. The
 * guarded system goes on once `wake` resolves.
 */
async function askWhileItHangs(
  call: OpenCall,
  of: { readonly end: () => Promise<void>; readonly wake: () => Promise<unknown> },
): Promise<{ readonly read: Answer; readonly change: Answer }> {
  const { accountNumber, grant, interactionId } = call;
  const path = `/customers/${accountNumber}`;
  process.kill(field.company.crmPid, 'SIGSTOP');
  try {
    const read = agent.console.gateway(grant, { method: 'GET', path });
    const change = agent.console.gateway(grant, {
      method: 'PATCH',
      path: `${path}/delivery-preference`,
      json: { deliveryPreference: call.wanted },
    });
    const answers = Promise.all([read, change]);
    await expect.poll(() => permitsOf(interactionId), { timeout: 5_000 }).toBe(2);
    await of.end();
    await Promise.race([of.wake(), answers]);
    process.kill(field.company.crmPid, 'SIGCONT');
    const [readAnswer, changeAnswer] = await answers;
    return { read: readAnswer, change: changeAnswer };
  } finally {
    process.kill(field.company.crmPid, 'SIGCONT');
  }
}

async function endCall({ interactionId }: OpenCall): Promise<void> {
  const ended = await agent.console.api('POST', `/api/interactions/${interactionId}/end`);
  expect(ended.status).toBeLessThan(300);
}

/** Every word that the record holds: none of them may be in an answer. */
async function expectNothingOf(call: OpenCall, answer: Answer): Promise<void> {
  const record = await recordOf(field.company, call.accountNumber);
  const words = [...record.matchAll(/"(?:name|street|city|email|phone|invoiceId)":"([^"]{4,})"/g)];
  expect(words.length).toBeGreaterThan(2);
  const told = JSON.stringify(answer.body) + JSON.stringify([...answer.headers]);
  for (const [, word = ''] of words) expect(told).not.toContain(word);
  expect(answer.headers.get('proofline-fields')).toBeNull();
}

/** What the log says of the results on a call, by action. */
async function resultsOf({ interactionId }: OpenCall): Promise<Record<string, unknown>> {
  const found = await auditor.console.api(
    'GET',
    `/api/evidence?id=${interactionId}&kind=request.completed`,
  );
  const form = { status: 200, step: 'search', form: searchEvidence.reply };
  const { entries } = expectAnswer(found, form);
  return Object.fromEntries(entries.map(({ facts }) => [String(facts['action']), facts]));
}

/** The guarded system has done as it was asked, whatever was answered. */
async function expectChanged({ accountNumber, wanted }: OpenCall): Promise<void> {
  await expect
    .poll(() => recordOf(field.company, accountNumber))
    .toContain(`"deliveryPreference":"${wanted}"`);
}

const withheld = (outcome: string) => ({
  'account:read': expect.objectContaining({ outcome, delivered: false }),
  'delivery-preference:update': expect.objectContaining({ outcome, delivered: false }),
});

describe.skipIf(!canPause)('P6: an answer that comes after the end is not delivered', () => {
  test('the call ends while the guarded system hangs: the read shows nothing, the change is owned up to', async () => {
    const call = await openCall(1);
    const end = () => endCall(call);
    const { read, change } = await askWhileItHangs(call, { end, wake: async () => {} });
    expect(codeOf(read)).toBe('grant.ended');
    expect(codeOf(change)).toBe('grant.ended');
    await expectNothingOf(call, read);
    await expectNothingOf(call, change);
    expect(read.body).not.toHaveProperty('detail');
    expect(change.body).toHaveProperty(
      'detail',
      'The guarded system has carried it out; only its answer is withheld.',
    );
    await expectChanged(call);
    expect(await resultsOf(call)).toEqual(withheld('completed'));
  });

  test('the session ends while it hangs: the same', async () => {
    const call = await openCall(2);
    const end = async () => {
      expect((await agent.console.api('POST', '/api/self/sign-out')).status).toBe(204);
    };
    const { read, change } = await askWhileItHangs(call, { end, wake: async () => {} });
    expect(codeOf(read)).toBe('grant.ended');
    expect(codeOf(change)).toBe('grant.ended');
    await expectNothingOf(call, read);
    await expectNothingOf(call, change);
    expect(await resultsOf(call)).toEqual(withheld('completed'));
    await agent.console.signIn();
  });

  test('it hangs for longer than the gateway waits: nobody claims to know what became of the change', async () => {
    const call = await openCall(3);
    const end = () => endCall(call);
    // It wakes only when both were answered.
    const { read, change } = await askWhileItHangs(call, {
      end,
      wake: () => new Promise(() => {}),
    });
    expect(codeOf(read)).toBe('grant.ended');
    expect(codeOf(change)).toBe('grant.ended');
    expect(change.body).toHaveProperty(
      'detail',
      'The guarded system may have carried it out all the same. Look before you repeat it.',
    );
    expect(await resultsOf(call)).toEqual(withheld('upstream-failed'));
  });
});
