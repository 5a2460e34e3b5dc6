import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, ring, selfOf } from '../../demo/story/stage.ts';
import { asOwner } from '../harness/as-owner.ts';
import { enrolWithDevice, invite } from './callers.ts';
import { recordOf } from './crm.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, invoiceOf, proveCall, refund, type ProvedCall } from './proved-call.ts';

let field: Battlefield;
let agent: Colleague;
let hr: Colleague;
let call: ProvedCall;
let grant: string;
let accountNumber: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  hr = await seatFounder(company, 'Ines Okafor');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  call = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
});
afterAll(() => field.close());

const db = () => field.company.server.composition.storage.db;

/** How many rows every table has, but those that only remember that somebody asked. */
async function countAll(): Promise<Record<string, number>> {
  // What was recorded before is on its way from the outbox into the log.
  await expect
    .poll(async () => (await sql`select 1 from ledger_outbox`.execute(db())).rows.length, {
      timeout: 10_000,
    })
    .toBe(0);
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() order by 1`.execute(db());
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    if (
      /^(dpop_proofs|oidc_payloads|oidc_transients|ledger_refs|ledger_nodes|ledger_facets|ledger_facets_head)$|ceremonies$/.test(
        name,
      )
    )
      continue;
    const found = await sql<{ n: number | string }>`
      select count(*) as n from ${sql.table(name)}`.execute(db());
    counts[name] = Number(found.rows[0]?.n);
  }
  return counts;
}

describe('P3: no act without evidence', () => {
  test.each([
    'ledger_entries',
    'ledger_refs',
    'ledger_nodes',
    'ledger_pseudonyms',
    'ledger_keys',
    'ledger_disclosures',
    'policy_releases',
    'decisions',
    'decision_results',
  ])('SQL that slips into the running server changes and removes nothing of %s', async (table) => {
    const of = sql.table(table);
    const attacks = [
      sql`update ${of} set tenant = tenant`,
      sql`delete from ${of}`,
      sql`truncate ${of}`,
      sql`drop table ${of}`,
      sql`alter table ${of} disable row level security`,
    ];
    for (const attack of attacks) {
      await expect(attack.execute(db())).rejects.toMatchObject({ code: '42501' });
    }
    const foreign = sql`insert into ${of}
      select * from jsonb_populate_record(null::${of}, ${{ tenant: 'other' }}::jsonb)`;
    await expect(foreign.execute(db())).rejects.toMatchObject({ code: '42501' });
  });

  test('every row that rests on an entry has that entry in the log', async () => {
    await invoiceOf(agent, grant, accountNumber);
    const { rows } = await sql<{ name: string; member: string }>`
      select table_name as name, column_name as member from information_schema.columns
      where table_schema = current_schema() and column_name like '%evidence_id'
        and table_name not like 'ledger_%'`.execute(db());
    expect(rows.length).toBeGreaterThanOrEqual(10);
    let checked = 0;
    for (const { name, member } of rows) {
      const orphans = await sql<{ id: string }>`
        select ${sql.ref(member)} as id from ${sql.table(name)} where ${sql.ref(member)} is not null
          and ${sql.ref(member)} not in (select evidence_id from ledger_entries)
          and ${sql.ref(member)} not in (select evidence_id from ledger_outbox)`.execute(db());
      expect(`${name}.${member}: ${orphans.rows.length}`).toBe(`${name}.${member}: 0`);
      const all = await sql<{ n: number | string }>`
        select count(${sql.ref(member)}) as n from ${sql.table(name)}`.execute(db());
      checked += Number(all.rows[0]?.n);
    }
    expect(checked).toBeGreaterThan(30);
  });

  test('what cannot be recorded is not done: no table changes when the outbox takes nothing', async () => {
    const { subjectId } = await selfOf(agent);
    const before = await countAll();
    const { storage } = field.company.server.composition;
    await asOwner(storage, (owner) =>
      sql`alter table ledger_outbox
        add constraint no_more check (length(leaf) < 0) not valid`.execute(owner),
    );
    try {
      const telephony = await field.company.service('telephony');
      const attempts = await Promise.all([
        hr.console.api('POST', '/api/onboarding/invitations', {
          displayName: 'Unrecorded',
          desk: 'Head office',
          employeeNumber: 'UN-1',
        }),
        telephony.call('POST', '/api/interactions', {
          externalId: 'x',
          channel: 'call',
          agentId: subjectId,
        }),
        agent.console.api('POST', `/api/interactions/${call.interactionId}/end`),
        agent.console.exchange(call.caseId, ['account:read']),
        agent.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` }),
      ]);
      for (const { status } of attempts) expect(status).toBeGreaterThanOrEqual(400);
      await expect(agent.console.signIn({ maxAgeSeconds: 0 })).rejects.toThrow(
        /sign-in|token|authoriz/,
      );
    } finally {
      await asOwner(storage, (owner) =>
        sql`alter table ledger_outbox drop constraint no_more`.execute(owner),
      );
    }
    expect(await countAll()).toEqual(before);
    const { rows } = await sql<{ state: string }>`
      select state from interactions where interaction_id = ${call.interactionId}`.execute(db());
    expect(rows[0]?.state).toBe('live');
  });

  test('a transaction that is rolled back leaves neither the change nor its evidence', async () => {
    const { storage, ledger } = field.company.server.composition;
    const before = await countAll();
    let evidenceId = '';
    const work = storage.transaction(async (tx) => {
      await sql`update workforce_staff set desk = 'stolen'`.execute(tx);
      evidenceId = await ledger.record(tx, { kind: 'interaction.started', facts: { x: 1 } });
      throw new Error('power cut');
    });
    await expect(work).rejects.toThrow('power cut');
    expect(await countAll()).toEqual(before);
    const { rows } = await sql`select 1 from workforce_staff where desk = 'stolen'`.execute(db());
    expect(rows).toEqual([]);
    await expect(
      ledger.durable(evidenceId as Parameters<typeof ledger.durable>[0]),
    ).rejects.toThrow('evidence.unavailable');
  }, 15_000);

  test('a result cannot be reported twice, nor for a decision that was never a permit', async () => {
    const gateway = await field.company.service('gateway');
    const result = { outcome: 'completed', upstreamStatus: 200 };
    const { rows } = await sql<{ decision_id: string; effect: string }>`
      select decision_id, effect from decisions
      where effect = 'deny' or decision_id in (select decision_id from decision_results)`.execute(
      db(),
    );
    expect(new Set(rows.map(({ effect }) => effect))).toContain('permit');
    for (const { decision_id: decisionId } of rows) {
      const answer = await gateway.call('POST', '/api/enforcement/results', {
        ...result,
        decisionId,
      });
      expect(codeOf(answer)).toBe('decision.not-reportable');
    }
  });

  test('with the sequencer stopped, nothing sensitive is answered and the CRM does not change', async () => {
    const { ledger } = field.company.server.composition;
    const invoiceId = await invoiceOf(agent, grant, accountNumber);
    await agent.console.signIn({ maxAgeSeconds: 0 });
    const before = await recordOf(field.company, accountNumber);
    await ledger.stop();
    try {
      const address = { street: 'Silent Lane 1', postalCode: '1', city: 'X', country: 'DE' };
      const path = `/customers/${accountNumber}/billing-address`;
      const answers = await Promise.all([
        agent.console.gateway(grant, { method: 'PUT', path, json: address }),
        refund(agent, grant, {
          accountNumber,
          invoiceId,
          amountCents: 100,
          reason: 'billing-error',
        }),
        hr.console.api('POST', '/api/onboarding/invitations', {
          displayName: 'Silent',
          desk: 'Head office',
          employeeNumber: 'SI-1',
        }),
      ]);
      for (const { status, body } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(JSON.stringify(body)).not.toContain('onboarding#');
      }
      expect(codeOf(answers[2])).toBe('evidence.unavailable');
      expect(await recordOf(field.company, accountNumber)).toBe(before);
    } finally {
      await ledger.start();
    }
    expect(await ledger.check()).toEqual([]);
    expect((await invite(hr, 'Head office')).link).toContain('#');
    await ring(field.stage, agent);
  });
});
