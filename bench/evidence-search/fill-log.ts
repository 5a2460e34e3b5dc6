import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';

/** Entries of one call. */
const PER_CALL = 10;
/** Entries of one session: twenty calls. */
const PER_SESSION = 200;
const AGENTS = 2_000;
const CUSTOMERS = 200_000;
/** So many are made by one statement. */
const STEP = 50_000;
const BEGAN_MS = Date.UTC(2026, 0, 1);
/** A million entries are a month of work. */
const MS_PER_ENTRY = 2_600;

/** Any number as an id: digits are letters of its alphabet. */
export const idOf = (prefix: string, n: number): string =>
  `${prefix}_0${String(n).padStart(25, '0')}`;

/** Where somebody or something stands in the log that {@link fillLog} makes. */
export const places = {
  sessionOf: (index: number) => Math.floor(index / PER_SESSION),
  callOf: (index: number) => Math.floor(index / PER_CALL),
  agentOf: (index: number) => Math.floor(index / PER_SESSION) % AGENTS,
  customerOf: (index: number) => (Math.floor(index / PER_CALL) * 7_919) % CUSTOMERS,
  agentId: (n: number) => idOf('psn', n),
  customerId: (n: number) => idOf('psn', 1_000_000 + n),
  at: (index: number) => new Date(BEGAN_MS + index * MS_PER_ENTRY),
};

/** A log of calls as they come, made by the database itself: leaves, hashes, index and size, no tree. */
export async function fillLog(storage: Storage, tenant: string, count: number): Promise<void> {
  for (let start = 0; start < count; start += STEP) {
    const end = Math.min(start + STEP, count) - 1;
    await sql.raw(entriesSql(tenant, start, end)).execute(storage.db);
    await sql.raw(refsSql(tenant, start, end)).execute(storage.db);
  }
  // What is found ends at the head; a search asks nothing else of it.
  await sql`insert into ledger_head (tenant, size, root, peaks, checkpoint)
    values (${tenant}, ${count}, '', '', '')`.execute(storage.db);
  await sql.raw('analyze ledger_entries').execute(storage.db);
  await sql.raw('analyze ledger_refs').execute(storage.db);
}

const id = (prefix: string, n: string) => `('${prefix}_0' || lpad((${n})::text, 25, '0'))`;
const session = `(i / ${PER_SESSION})`;
const call = `(i / ${PER_CALL})`;
const agent = id('psn', `i / ${PER_SESSION} % ${AGENTS}`);
const customer = id('psn', `1000000 + (i / ${PER_CALL}::bigint * 7919) % ${CUSTOMERS}`);
const moment = `to_timestamp((${BEGAN_MS} + i * ${MS_PER_ENTRY}::bigint) / 1000.0)`;
const at = `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const weighty = `(array['refund:initiate','billing-address:update','invoice:read','plan:change'])`;
const action = `case when i % ${PER_CALL} in (6, 7) then ${weighty}[1 + i / 10 % 4]
  when i % ${PER_CALL} = 9 then 'interaction:list' else 'account:read' end`;
const effect = `case when i % 70 = 6 then 'deny' else 'permit' end`;
const steps = (
  'interaction.started proof.requested proof.bound grant.issued decision.made ' +
  'request.completed decision.made request.completed interaction.ended decision.made'
)
  .split(' ')
  .map((step) => `'${step}'`);
const kind = `case when i % ${PER_SESSION} = 0 then 'session.started'
  else (array[${steps.join(',')}])[1 + i % ${PER_CALL}] end`;
const startOf = `(i / ${PER_SESSION} * ${PER_SESSION})`;
const first = `(i / ${PER_CALL} * ${PER_CALL})`;
/** Which entry led to this one, by its step in the call. */
const cause = `case when i % ${PER_CALL} in (0, 9) then ${startOf} when i % ${PER_CALL} in (1, 8) then ${first}
  when i % ${PER_CALL} = 6 then ${first} + 3 else i - 1 end`;
const isCaused = `i % ${PER_SESSION} <> 0`;

const release = `"release":{"digest":"' || repeat('A', 43) || '","sequence":1}`;
const fields = `"fields":{"hidden":["health"],"masked":["payment-token"],"visible":["contact","plan"]}`;
const facts = `case
  when kind = 'decision.made' then '{"action":"' || ${action} || '","effect":"' || ${effect} || '",${release}}'
  when kind = 'request.completed' then '{"action":"' || ${action} || '",${fields},"outcome":"completed"}'
  else '{}' end`;

/** Canonical JSON (RFC 8785): members in order, no space. */
const leaf = `'{"_sd":[],"at":"' || ${at} || '","causes":' ||
  case when ${isCaused} then '["' || ${id('evt', cause)} || '"]' else '[]' end || ',"facts":' || ${facts} ||
  ',"id":"' || ${id('evt', 'i')} || '","kind":"' || kind || '","refs":{"caseId":"' || ${id('cse', call)} ||
  '","interactionId":"' || ${id('int', call)} || '","sessionId":"' || ${id('ses', session)} ||
  '"},"subjects":{"actor":"' || ${agent} || '","customer":"' || ${customer} || '"},"v":1}'`;

function entriesSql(tenant: string, start: number, end: number): string {
  return `insert into ledger_entries (tenant, idx, evidence_id, kind, at, leaf, leaf_hash)
    select '${tenant}', i, ${id('evt', 'i')}, kind, (${at})::timestamptz, leaf,
      sha256('\\x00'::bytea || convert_to(leaf, 'UTF8'))
    from (select i, kind, ${leaf} as leaf from (select i, ${kind} as kind
      from generate_series(${start}, ${end}) as i) as kinds) as leaves`;
}

function refsSql(tenant: string, start: number, end: number): string {
  const roles = [
    ['entry', id('evt', 'i')],
    ['ref:interactionId', id('int', call)],
    ['ref:caseId', id('cse', call)],
    ['ref:sessionId', id('ses', session)],
    ['subject:actor', agent],
    ['subject:customer', customer],
  ];
  const series = `from generate_series(${start}, ${end}) as i`;
  const named = roles.map(
    ([role, value]) => `select '${tenant}', i, '${role}', ${value} ${series}`,
  );
  const caused = `select '${tenant}', i, 'cause', ${id('evt', cause)} ${series} where ${isCaused}`;
  const parts = [...named, caused].join(' union all ');
  return `insert into ledger_refs (tenant, idx, role, value) ${parts}`;
}
