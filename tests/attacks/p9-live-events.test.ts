import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Approval, BreakGlass } from '@proofline/protocol';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { expectAnswer, ring, selfOf } from '../../demo/story/stage.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { invite } from './callers.ts';
import { openStream, type LiveStream } from './live-stream.ts';
import { openCompany, type Battlefield } from './open-company.ts';

const DEADLINE_MS = 2_000;

/** Every role, and two desks of two companies. */
const names = {
  agentA: 'Ana Ruiz',
  leadA: 'Tom Lindqvist',
  supervisorA: 'Sol Marchetti',
  agentB: 'Elena Fabbri',
  supportB: 'Dmitri Sokolov',
  leadB: 'Femi Balogun',
  supervisorB: 'Greta Holm',
  hr: 'Ines Okafor',
  security: 'Ravi Menon',
  auditor: 'Ulla Petersen',
} as const;
type Name = keyof typeof names;
const everybody = Object.keys(names) as Name[]; // its own members

let field: Battlefield;
const seated = new Map<Name, Colleague>();
const who = (name: Name) => seated.get(name)!;

beforeAll(async () => {
  field = await openCompany();
  for (const name of everybody) seated.set(name, await seatFounder(field.company, names[name]));
});
afterAll(() => field.close());

/** Emergency access that a supervisor asks for, and takes back, so that the next one can be asked for. */
async function emergency(supervisor: Colleague, accountNumber: string): Promise<string> {
  await supervisor.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
  const asked = await supervisor.console.api('POST', '/api/break-glass', {
    accountNumber,
    categories: ['invoice'],
    reasonCode: 'exercise',
    note: 'Who hears of it is what this is about.',
    minutes: 5,
  });
  const form = BreakGlass;
  const { breakGlassId } = expectAnswer(asked, { status: 201, step: 'ask for access', form });
  const ended = await supervisor.console.api('POST', `/api/break-glass/${breakGlassId}/end`);
  expect(ended.status).toBe(200);
  return breakGlassId;
}

/** All that can be heard of a desk: a call, a request for proof, an approval, an invitation, break-glass. */
async function busyDesk(desk: string, agent: Colleague, accountNumber: string) {
  const { stage } = field;
  const interactionId = await ring(stage, agent);
  const requests = `/api/interactions/${interactionId}/proof-requests`;
  const wanted = { accountNumber, purpose: 'billing' };
  expect((await agent.console.api('POST', requests, wanted)).status).toBe(202);
  expect((await agent.console.api('POST', `${requests}/cancel`)).status).toBe(204);
  const asked = await agent.console.api('POST', '/api/approvals', {
    interactionId,
    action: 'refund:initiate',
    resource: { type: 'Account', id: accountNumber },
    body: { invoiceId: 'INV-1', amountCents: 90_000, reason: 'service-outage' },
  });
  const form = Approval;
  const { approvalId } = expectAnswer(asked, { status: 201, step: 'ask for approval', form });
  const { invitation } = await invite(who('hr'), desk);
  const supervisor = who(agent === who('agentA') ? 'supervisorA' : 'supervisorB');
  const breakGlassId = await emergency(supervisor, accountNumber);
  return [interactionId, approvalId, invitation.invitationId, breakGlassId];
}

/** What of these ids the REST lists show somebody; a list that is refused shows nothing. */
async function listed(colleague: Colleague, ids: readonly string[]): Promise<string[]> {
  const lists = [
    '/api/interactions',
    '/api/approvals',
    '/api/onboarding/invitations',
    '/api/break-glass',
  ];
  const answers = await Promise.all(lists.map((path) => colleague.console.api('GET', path)));
  const shown = answers.filter(({ status }) => status === 200).map(({ body }) => body);
  return ids.filter((id) => JSON.stringify(shown).includes(id));
}

const heardOf = ({ heard }: LiveStream, ids: readonly string[]) =>
  ids.filter((id) => heard.some(({ data }) => data.includes(id)));

describe('P9: live events tell nobody what their lists would not show', () => {
  test('two busy desks: each hears of exactly what each may list, and a lead nothing of the other', async () => {
    const { company } = field;
    const streams = new Map<Name, LiveStream>();
    for (const name of everybody) streams.set(name, await openStream(company, who(name)));
    const [first = '', second = ''] = company.accountNumbers;
    const idsOfA = await busyDesk(company.outsourcedDesk, who('agentA'), first);
    const idsOfB = await busyDesk('Head office', who('agentB'), second);
    await Promise.all([...streams.values()].map((stream) => stream.quiet()));
    for (const stream of streams.values()) stream.close();

    const all = [...idsOfA, ...idsOfB];
    const heard: Partial<Record<Name, string[]>> = {};
    for (const [name, stream] of streams) {
      heard[name] = heardOf(stream, all);
      expect([name, ...heard[name]]).toEqual([name, ...(await listed(who(name), all))]);
    }
    const [callA, approvalA, invitationA, glassA] = idsOfA;
    const [callB, approvalB, invitationB, glassB] = idsOfB;
    expect(heard).toEqual({
      agentA: [callA, approvalA],
      leadA: [callA, invitationA],
      supervisorA: [callA, approvalA, glassA],
      agentB: [callB, approvalB],
      supportB: [],
      leadB: [callB, invitationB],
      supervisorB: [callB, approvalB, glassB],
      hr: [invitationA, invitationB],
      security: [invitationA, glassA, invitationB, glassB],
      auditor: [glassA, glassB],
    });
    const told = streams.get('leadA')!.heard.map(({ event }) => event);
    expect(new Set(told)).toEqual(
      new Set(['interaction.changed', 'proof-request.changed', 'onboarding.changed']),
    );
  });

  test('no list shows a lead or a supervisor anything of another desk: people, calls, cases, invitations', async () => {
    const { company } = field;
    const ids = await busyDesk(company.outsourcedDesk, who('agentA'), company.accountNumbers[0]!);
    const { subjectId } = await selfOf(who('agentA'));
    const lists = [
      '/api/people',
      `/api/people?desk=${encodeURIComponent(company.outsourcedDesk)}`,
      '/api/cases',
      '/api/interactions',
      '/api/approvals',
      '/api/onboarding/invitations',
      '/api/break-glass',
    ];
    const read = async (name: Name) => {
      const answers = await Promise.all(lists.map((path) => who(name).console.api('GET', path)));
      return JSON.stringify(answers.map(({ body }) => body));
    };
    for (const name of ['leadB', 'supervisorB', 'agentB'] as const) {
      const seen = await read(name);
      for (const one of [...ids, subjectId, names.agentA]) expect(seen).not.toContain(one);
    }
    // The same lists are full for those whose desk it is: nothing above was empty by accident.
    const own = await read('leadA');
    for (const one of [ids[0], ids[2], subjectId]) expect(own).toContain(one);
  });
});

describe('P6: who somebody is now decides what they hear', () => {
  const changes: readonly (readonly [string, Partial<Row>])[] = [
    ['desk', { desk: 'Head office' }],
    ['role', { role: 'auditor' }],
    ['account', { role: null }],
  ];

  test.each(changes)(
    'a stream ends within two seconds when the %s is another',
    async (_, after) => {
      const { company, stage } = field;
      const { subjectId } = await selfOf(who('leadA'));
      const stream = await openStream(company, who('leadA'));
      const before = await rowOf(subjectId);
      await write(subjectId, { ...before, ...after });
      const changed = startStopwatch();
      try {
        await stream.ended;
        expect(changed.tookMs()).toBeLessThan(DEADLINE_MS);
        if (after.role === null) return expect(stream.heard.at(-1)?.event).toBe('session.ended');
        // Who was moved is not signed out: they connect again, as who they are now.
        expect(stream.heard).toEqual([]);
        const again = await openStream(company, who('leadA'));
        const interactionId = await ring(stage, who('agentA'));
        await again.quiet();
        again.close();
        expect(heardOf(again, [interactionId])).toEqual([]);
      } finally {
        await write(subjectId, before);
      }
    },
  );
});

/** What of a colleague decides; without a role the account is not active. */
interface Row {
  readonly desk: string;
  readonly role: string | null;
}

const db = () => field.company.server.composition.storage.db;

async function rowOf(subjectId: string): Promise<Row> {
  const { rows } = await sql<Row>`
    select desk, role from workforce_staff where subject_id = ${subjectId}`.execute(db());
  return rows[0]!;
}

/** No command moves anybody yet; the database does what provisioning will. */
async function write(subjectId: string, { desk, role }: Row): Promise<void> {
  const state = role === null ? 'registered' : 'active';
  await sql`update workforce_staff set desk = ${desk}, role = ${role}, state = ${state},
    activated_at = ${role === null ? null : new Date()}
    where subject_id = ${subjectId}`.execute(db());
}
