import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Json } from '@proofline/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { readPolicies } from '../../apps/server/read-policies.ts';
import { asOwner } from '../harness/as-owner.ts';
import { callAs, serviceCaller } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { send as request } from './send.ts';

let field: Battlefield;
let author: Colleague;
let second: Colleague;
const { text, cases } = readPolicies();

beforeAll(async () => {
  field = await openCompany();
  author = await seatFounder(field.company, 'Ravi Menon');
  second = await seatFounder(field.company, 'Hana Sato');
});
afterAll(() => field.close());

type Body = Readonly<Record<string, Json>> & {
  readonly code?: string;
  readonly reasons?: readonly { readonly policy: string }[];
  readonly faults?: readonly { readonly code: string; readonly line: number }[];
};

async function call(by: Colleague, path: string, json?: unknown): Promise<Body> {
  const method = json === undefined ? 'GET' : 'POST';
  const answer = await by.console.api(method, path, json);
  return answer.body as Body; // every answer of these routes is an object
}

function proposal(from: string, to: string) {
  const files = text.policies.map((file) => ({ ...file, text: file.text.replaceAll(from, to) }));
  const { schema, invariants } = text;
  return { schema, files, cases, invariants, note: 'An attack.' };
}
const propose = (by: Colleague, from: string, to: string) =>
  call(by, '/api/policies/candidates', proposal(from, to));
const prove = (by: Colleague) => by.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
/** Asks again while the invariants of a candidate are still being proved. */
async function callPatiently(by: Colleague, path: string, json: unknown): Promise<Body> {
  let hasWaited = false;
  for (;;) {
    const answer = await call(by, path, json);
    if (answer['code'] === 'candidate.unproved') {
      hasWaited = true;
      // Who asks without a pause keeps the solver from its work.
      await delay(200);
    } else if (hasWaited && answer['code'] === 'access.step-up') {
      await prove(by);
    } else return answer;
  }
}
const send = (by: Colleague, { candidateId, digest }: Body, live: number) =>
  callPatiently(by, `/api/policies/candidates/${String(candidateId)}/promotion`, {
    digest,
    liveSequence: live,
  });
async function promote(by: Colleague, candidate: Body, live: number): Promise<Body> {
  await prove(by);
  return send(by, candidate, live);
}
const liveSequence = async () => {
  const { release } = await call(author, '/api/policies');
  return (release as { sequence: number }).sequence; // the contract’s form
};

describe('P2: nobody changes what may be done alone', () => {
  test('one’s own candidate is not promoted, also not by another session of the same person', async () => {
    const mine = await propose(author, 'Your session has ended.', 'Over.');
    const refused = await promote(author, mine, await liveSequence());
    expect(refused.reasons?.map(({ policy }) => policy)).toEqual(['context.candidate-own']);
  });

  test('whoever writes the database as the server does cannot exchange the author, and as its owner in vain', async () => {
    const { storage } = field.company.server.composition;
    const mine = await propose(author, 'Your session has ended.', 'Over and out.');
    const exchange = sql`UPDATE policy_candidates SET proposed_by = 'files'
      WHERE candidate_id = ${String(mine.candidateId)}`;
    await expect(exchange.execute(storage.db)).rejects.toMatchObject({ code: '42501' });
    for (const statement of [
      `DELETE FROM policy_candidates`,
      `UPDATE policy_stages SET base_sequence = 1`,
    ]) {
      await expect(sql.raw(statement).execute(storage.db)).rejects.toMatchObject({ code: '42501' });
    }
    await asOwner(storage, (owner) => exchange.execute(owner));
    const refused = await promote(author, mine, await liveSequence());
    expect(refused).toMatchObject({ code: 'access.denied' });
    await call(author, `/api/policies/candidates/${String(mine.candidateId)}/withdrawal`, {});
  });

  test('one person who pushes through the pipeline and promotes is one pair of eyes', async () => {
    const build = await serviceCaller(field.company, 'pipeline');
    const { staff: origin } = field.company.origins;
    const handed = await callAs(build, {
      origin,
      method: 'post',
      path: '/api/pipeline/candidates',
      json: proposal('Your session has ended.', 'Pushed.'),
    });
    const candidate = JSON.parse(handed.text) as Body; // the contract’s form
    const live = await liveSequence();
    const path = `/api/policies/candidates/${String(candidate.candidateId)}`;
    const policiesOf = ({ reasons }: Body) => reasons?.map(({ policy }) => policy);
    expect(policiesOf(await promote(author, candidate, live))).toEqual([
      'context.candidate-unvouched',
    ]);
    await field.company.letProofsAge(120);
    const vouching = { digest: candidate.digest };
    expect(await call(author, `${path}/vouching`, vouching)).toMatchObject({
      code: 'access.step-up',
    });
    await prove(author);
    expect(await call(author, `${path}/vouching`, vouching)).toMatchObject({
      vouching: { isOwn: true },
    });
    expect(policiesOf(await promote(author, candidate, live))).toEqual(['context.candidate-own']);
    await prove(second);
    expect(policiesOf(await call(second, `${path}/vouching`, vouching))).toEqual([
      'context.candidate-vouched',
    ]);
    // The pipeline’s own token is nobody’s there.
    const own = await callAs(build, {
      origin,
      method: 'post',
      path: `${path}/vouching`,
      json: vouching,
    });
    expect(own.text).toContain('token.invalid');
    await call(author, `${path}/withdrawal`, {});
    // Nor does it help to set its row back.
    await asOwner(field.company.server.composition.storage, (owner) =>
      sql`UPDATE policy_candidates SET state = 'open', closed_at = NULL
        WHERE candidate_id = ${String(candidate.candidateId)}`.execute(owner),
    );
    expect(policiesOf(await promote(second, candidate, live))).toEqual(['context.candidate-open']);
    expect(await liveSequence()).toBe(live);
  });

  test('nobody takes an invariant away among other changes, nor unseen', async () => {
    const live = await liveSequence();
    const [dropped, ...kept] = text.invariants;
    const set = proposal('', '');
    const path = '/api/policies/candidates';
    const changed = proposal('Your session has ended.', 'Ended.');
    const hidden = await call(author, path, { ...changed, invariants: kept });
    expect(hidden.faults?.map(({ code }) => code)).toEqual(['invariant.dropped-alongside']);
    const candidate = await call(author, path, { ...set, invariants: kept });
    expect(candidate).toMatchObject({ drops: { invariants: [{ name: dropped?.name }] } });
    expect(await promote(second, candidate, live)).toMatchObject({
      code: 'candidate.drops-promises',
    });
    await call(author, `${path}/${String(candidate.candidateId)}/withdrawal`, {});
  });

  test('a candidate whose named case fails is not promoted by anybody', async () => {
    const failing = await propose(author, 'ageSeconds <= 300', 'ageSeconds <= 86400');
    const refused = await promote(second, failing, await liveSequence());
    expect(refused.reasons?.map(({ policy }) => policy)).toEqual(['context.candidate-cases']);
  });

  test('a promotion under a proof of long ago asks for the passkey, and nothing becomes live', async () => {
    const before = await liveSequence();
    const candidate = await propose(author, 'Your session has ended.', 'It is over.');
    await field.company.letProofsAge(120);
    const refused = await send(second, candidate, before);
    expect(refused).toMatchObject({ code: 'access.step-up' });
    expect(await liveSequence()).toBe(before);
    await prove(author);
  });

  test('a promotion that is sent again, now or after something else became live, does nothing', async () => {
    const before = await liveSequence();
    const candidate = await propose(author, 'Sign in again.', 'Come back.');
    const other = await propose(author, 'Sign in again.', 'Please come back.');
    expect(await promote(second, candidate, before)).toMatchObject({ isLive: true });
    for (const seen of [before, before + 1]) {
      expect(await promote(second, candidate, seen)).toMatchObject({ code: 'access.denied' });
      expect(await promote(second, other, seen)).toMatchObject({ code: 'access.denied' });
    }
    expect(await liveSequence()).toBe(before + 1);
  });

  test('for some: not by the author, and nothing of it on an old proof', async () => {
    const mine = await propose(author, 'Your session has ended.', 'Ended for some.');
    const live = await liveSequence();
    const path = `/api/policies/candidates/${String(mine.candidateId)}/stage`;
    const audience = { desks: [], percent: 100 };
    const wish = { digest: mine.digest, liveSequence: live, audience, hours: 1 };
    await prove(author);
    const own = await call(author, path, wish);
    expect(own.reasons?.map(({ policy }) => policy)).toEqual(['context.candidate-own']);
    await field.company.letProofsAge(120);
    expect(await call(second, path, wish)).toMatchObject({ code: 'access.step-up' });
    await prove(second);
    const staged = await callPatiently(second, path, wish);
    expect(staged).toMatchObject({ revision: 1, people: { in: expect.any(Number) } });
    const decided = await call(second, '/api/policies/stage');
    expect(decided).toMatchObject({ stage: { stageId: staged['stageId'] } });
    const end = `/api/policies/stages/${String(staged['stageId'])}/end`;
    await field.company.letProofsAge(120);
    expect(await call(author, end, { reason: 'An attack.' })).toMatchObject({
      code: 'access.step-up',
    });
    await prove(author);
    await author.console.api('POST', end, { reason: 'It is over.' });
    expect(await call(second, '/api/policies/stage')).not.toHaveProperty('stage');
    await call(author, `/api/policies/candidates/${String(mine.candidateId)}/withdrawal`, {});
  });

  test('policies that lock everybody out, or let the author promote, change nothing by being proposed', async () => {
    const before = await liveSequence();
    const locked = await propose(author, 'Role::"security-admin"', 'Role::"nobody"');
    expect(locked).toMatchObject({ code: 'policy.unsound' });
    expect(new Set(locked.faults?.map(({ code }) => code))).toEqual(new Set(['release.locks-out']));
    expect(await liveSequence()).toBe(before);
  });

  test('a text of 10 MB is refused, and a hostile pattern with its place', async () => {
    const huge = proposal('', '');
    const files = [{ path: 'roles/huge.cedar', text: ' '.repeat(10 * 1024 * 1024) }];
    expect(await call(author, '/api/policies/candidates', { ...huge, files })).toMatchObject({
      code: 'request.too-large',
    });
    const pattern = `context.staff.desk like "${'*a'.repeat(40)}"`;
    const hostile = await propose(author, 'context.staff.active', `(${pattern})`);
    expect(hostile.faults?.[0]).toMatchObject({ code: 'policy.hostile-pattern', line: 19 });
  });
});

test('P7: a release that somebody wrote into the database is not taken: the last good one stays, and the server is not ready', async () => {
  const { composition } = field.company.server;
  const before = await liveSequence();
  await sql`
    INSERT INTO policy_releases
      (tenant, sequence, digest, text, evidence_id, released_at, cases, previous_digest, key_id, signature, origin)
    SELECT tenant, ${before + 1}, digest, replace(text, '<= 300', '<= 86400'), evidence_id,
      released_at, cases, digest, key_id, signature, origin
    FROM policy_releases WHERE sequence = ${before}`.execute(composition.storage.db);
  await composition.decisions.follow();
  expect(composition.decisions.releaseFault()).toMatch(/not what was signed/);
  expect(await liveSequence()).toBe(before);
  const ready = await request({ origin: field.company.origins.staff, path: '/readyz' });
  expect(ready.status).toBe(503);
  await asOwner(composition.storage, (owner) =>
    sql`DELETE FROM policy_releases WHERE sequence = ${before + 1}`.execute(owner),
  );
  await composition.decisions.follow();
  expect(composition.decisions.releaseFault()).toBeUndefined();
});
