import { SwitchSummary, type SwitchTarget } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, expectAnswer, selfOf } from '../../demo/story/stage.ts';
import { asOwner } from '../harness/as-owner.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { asCaller, callAs, enrolWithDevice, serviceCaller } from './callers.ts';
import { openStream } from './live-stream.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';

const DEADLINE_MS = 2_000;

let field: Battlefield;
let admin: Colleague;
let second: Colleague;
let agent: Colleague;
let supervisor: Colleague;
let auditor: Colleague;
let grant: string;
let accountNumber: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  admin = await seatFounder(company, 'Ravi Menon');
  second = await seatFounder(company, 'Hana Sato');
  agent = await seatFounder(company, 'Ana Ruiz');
  supervisor = await seatFounder(company, 'Sol Marchetti');
  auditor = await seatFounder(company, 'Ulla Petersen');
  accountNumber = company.accountNumbers[1] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  const { caseId } = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, caseId);
  if ((await read()).status !== 200) throw new Error('the way to the attack is blocked');
});
afterAll(() => field.close());

const read = () =>
  agent.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` });

const wanted = (target: SwitchTarget, minutes = 30) => ({
  target,
  reasonCode: 'suspected-fraud',
  note: 'Three refunds to one card.',
  minutes,
});
const accountRead: SwitchTarget = { kind: 'action', action: 'account:read' };

async function stop(target: SwitchTarget, minutes?: number): Promise<SwitchSummary> {
  await admin.console.signIn({ maxAgeSeconds: 0 });
  const answer = await admin.console.api('POST', '/api/switches', wanted(target, minutes));
  return expectAnswer(answer, { status: 201, step: 'throw', form: SwitchSummary });
}

async function lift(by: Colleague, { switchId }: SwitchSummary) {
  await by.console.signIn({ maxAgeSeconds: 0 });
  return by.console.api('POST', `/api/switches/${switchId}/lift`);
}

/** Asks until it comes out so, within the promise. */
async function within(isIt: (status: number) => boolean): Promise<void> {
  const watch = startStopwatch();
  while (!isIt((await read()).status)) {
    if (watch.tookMs() > DEADLINE_MS) throw new Error('not so after two seconds');
  }
}

describe('P6: what is stopped stops everywhere within two seconds', () => {
  test.each([
    ['an action', async () => accountRead],
    ['a domain of actions', async () => ({ kind: 'domain', domain: 'account' }) as const],
    [
      'an agent',
      async () => ({ kind: 'agent', subjectId: (await selfOf(agent)).subjectId }) as const,
    ],
    ['the gateway', async () => gatewayTarget()],
  ])('%s, on a grant that was issued before; a second person opens it again', async (_, target) => {
    await within((status) => status === 200);
    const thrown = await stop(await target());
    await within((status) => status === 403);
    expect(codeOf(await read())).toBe('access.denied');
    expect((await lift(second, thrown)).status).toBe(200);
    await within((status) => status === 200);
  });

  test('everything but reading: the grant still reads, and changes nothing', async () => {
    const thrown = await stop({ kind: 'everything-but-reading' });
    expect((await read()).status).toBe(200);
    const change = await agent.console.gateway(grant, {
      method: 'PATCH',
      path: `/customers/${accountNumber}/delivery-preference`,
      json: { deliveryPreference: 'post' },
    });
    expect(change.status).toBe(403);
    expect(JSON.stringify(change.body)).toContain(`switch.${thrown.switchId}`);
    // What opens it again, reads the evidence and ends sessions goes on.
    for (const path of ['/api/evidence', `/api/evidence?id=${thrown.switchId}`]) {
      expect((await auditor.console.api('GET', path)).status).toBe(200);
    }
    const { sessionId } = await selfOf(supervisor);
    const ended = await second.console.api('POST', `/api/sessions/${sessionId}/end`);
    expect(ended.status).toBe(204);
    await supervisor.console.signIn();
    expect((await lift(second, thrown)).status).toBe(200);
  });

  test('a row that another node wrote counts here, too', async () => {
    const thrown = await stop(accountRead);
    expect((await lift(second, thrown)).status).toBe(200);
    await within((status) => status === 200);
    const { storage } = field.company.server.composition;
    await sql`insert into switches
      select tenant, ${`swt_${'0'.repeat(26)}`}, target_kind, target_name, reason_code, note, thrown_by,
        thrown_at, expires_at, evidence_id from switches where switch_id = ${thrown.switchId}`.execute(
      storage.db,
    );
    await within((status) => status === 403);
    await asOwner(storage, (owner) =>
      sql`delete from switches where switch_id = ${`swt_${'0'.repeat(26)}`}`.execute(owner),
    );
    await within((status) => status === 200);
  });

  test('whom it concerns is told at once, and nobody is told of whom', async () => {
    const streams = {
      agent: await openStream(field.company, agent),
      auditor: await openStream(field.company, auditor),
      second: await openStream(field.company, second),
    };
    const { subjectId } = await selfOf(agent);
    const thrown = await stop({ kind: 'agent', subjectId });
    const self = await agent.console.api('GET', '/api/self');
    const others = await auditor.console.api('GET', '/api/self');
    await Promise.all(Object.values(streams).map((stream) => stream.quiet()));
    for (const stream of Object.values(streams)) stream.close();
    const heard = Object.fromEntries(
      Object.entries(streams).map(([name, { heard: all }]) => [
        name,
        all.map(({ event }) => event),
      ]),
    );
    expect(heard).toEqual({
      agent: ['own-stop.changed'],
      auditor: [],
      second: ['switch.changed'],
    });
    expect(JSON.stringify(self.body)).toContain('Security has stopped your account');
    expect(JSON.stringify(self.body)).not.toContain('Three refunds');
    expect((others.body as { stops: unknown[] }).stops).toEqual([]); // the contract's form
    expect((await lift(second, thrown)).status).toBe(200);
  });
});

describe('P1, P2: nobody but security stops, and nobody opens alone', () => {
  test('an agent, a supervisor, an auditor and a service can neither throw nor lift', async () => {
    const thrown = await stop(accountRead);
    const services = await Promise.all(
      (['gateway', 'telephony', 'account-opening'] as const).map((role) =>
        serviceCaller(field.company, role),
      ),
    );
    const callers = [
      asCaller('agent', agent),
      asCaller('supervisor', supervisor),
      asCaller('auditor', auditor),
      ...services,
    ];
    for (const caller of callers) {
      for (const [path, json] of [
        ['/api/switches', wanted(accountRead)],
        [`/api/switches/${thrown.switchId}/lift`, undefined],
      ] as const) {
        const aim = { origin: field.company.origins.staff, method: 'POST', path };
        const answer = await callAs(caller, { ...aim, ...(json && { json }) });
        expect(answer.text).toMatch(/"(access\.denied|token\.invalid)"/);
      }
    }
    expect((await read()).status).toBe(403);
    expect((await lift(second, thrown)).status).toBe(200);
  });

  test('whoever threw it cannot lift it, however freshly proved', async () => {
    const thrown = await stop(accountRead);
    const own = await lift(admin, thrown);
    expect(codeOf(own)).toBe('access.denied');
    expect(JSON.stringify(own.body)).toContain('context.switch-own');
    expect((await read()).status).toBe(403);
    expect((await lift(second, thrown)).status).toBe(200);
    expect(codeOf(await lift(second, thrown))).toBe('access.denied');
  });

  test('what lifts, reads evidence or ends sessions cannot be thrown at, and a day is the most', async () => {
    await admin.console.signIn({ maxAgeSeconds: 0 });
    for (const target of [
      { kind: 'action', action: 'switch:lift' },
      { kind: 'action', action: 'evidence:search' },
      { kind: 'action', action: 'session:end' },
      { kind: 'domain', domain: 'evidence' },
      { kind: 'domain', domain: 'switch' },
      { kind: 'tool', name: 'refund-bot' },
      { kind: 'everything' },
    ]) {
      const body = { ...wanted(accountRead), target };
      const answer = await admin.console.api('POST', '/api/switches', body);
      expect([target, codeOf(answer)]).toEqual([target, 'request.malformed']);
    }
    for (const minutes of [0, -5, 24 * 60 + 1, 1.5]) {
      const answer = await admin.console.api('POST', '/api/switches', wanted(accountRead, minutes));
      expect([minutes, codeOf(answer)]).toEqual([minutes, 'request.malformed']);
    }
  });
});

describe('P7: who cannot see the switches stops', () => {
  test('the gateway is refused while they cannot be read; evidence and lifting are not', async () => {
    const { storage } = field.company.server.composition;
    const rename = (from: string, to: string) =>
      asOwner(storage, (owner) =>
        sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(owner),
      );
    await rename('switches', 'switches_gone');
    try {
      await expect.poll(async () => (await read()).status, { timeout: 5_000 }).toBe(403);
      expect((await auditor.console.api('GET', '/api/evidence')).status).toBe(200);
      const people = await second.console.api('GET', '/api/people');
      expect(people.status).toBe(200);
    } finally {
      await rename('switches_gone', 'switches');
    }
    await within((status) => status === 200);
  });
});

async function gatewayTarget(): Promise<SwitchTarget> {
  const answer = await admin.console.api('GET', '/api/switches');
  const { services } = answer.body as { services: { serviceId: string; name: string }[] }; // the contract
  const gateway = services.find(({ name }) => name === 'Gateway');
  return { kind: 'service', serviceId: gateway?.serviceId ?? '' } as SwitchTarget; // as listed
}
