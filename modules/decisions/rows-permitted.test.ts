import { writeSql, type Columns } from '@proofline/cedar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productPolicies } from '../../packages/policy/testing/product-policies.ts';
import { decisionsWorld } from './testing/decisions-world.ts';
import type { RowsInput } from './types.ts';

const columns: Columns = {
  'context.interaction.sameDesk': { sql: 'same_desk', type: 'boolean', nullable: false },
  'context.interaction.assignedToSubject': { sql: 'mine', type: 'boolean', nullable: true },
};

let world: Awaited<ReturnType<typeof decisionsWorld>>;
let calls: RowsInput;

beforeAll(async () => {
  world = await decisionsWorld();
  calls = {
    subject: { type: 'Staff', id: world.ids.agent },
    sessionId: world.ids.session,
    action: 'interaction:read',
    resourceType: 'Interaction',
    known: ['staff', 'session'],
    columns,
  };
});

afterAll(() => world.storage.close());

function setRoles(roles: readonly string[], live = true): void {
  world.known['staff'] = { values: { roles: [...roles], desk: 'Harbour', active: true } };
  world.known['session'] = { values: { live } };
}

/** The product's policies and one more. */
async function releaseWith(condition: string): Promise<void> {
  const { policies, schema } = productPolicies();
  const text = `@id("context.more") @reason("More.") forbid (principal, action, resource is Proofline::Interaction) when { ${condition} };`;
  await world.decisions.release({
    schema,
    policies: [...policies, { path: 'context/more.cedar', text }],
  });
}

test('rows come from the policies: a role that reads nothing gets none', async () => {
  setRoles(['team-lead']);
  const filter = await world.decisions.rowsPermitted(calls);
  expect(filter.kind === 'where' && writeSql(filter.where).text).toBe('(same_desk)');
  setRoles(['auditor']);
  expect(await world.decisions.rowsPermitted(calls)).toEqual({ kind: 'none' });
});

test('without a live session, or where its facts are unknown, no row is shown', async () => {
  setRoles(['team-lead'], false);
  expect(await world.decisions.rowsPermitted(calls)).toEqual({ kind: 'none' });
  world.known['session'] = undefined;
  await expect(world.decisions.rowsPermitted(calls)).rejects.toMatchObject({
    code: 'access.denied',
  });
});

test('a changed policy changes the rows, and a NULL that makes a forbid err hides the row', async () => {
  setRoles(['team-lead']);
  await releaseWith('context has interaction && context.interaction.assignedToSubject');
  const filter = await world.decisions.rowsPermitted(calls);
  // NOT NULL is NULL, which is not true.
  expect(filter.kind === 'where' && writeSql(filter.where).text).toBe(
    '((same_desk) AND NOT (mine))',
  );
});

test('a policy that asks what no column answers denies, instead of being left out', async () => {
  setRoles(['team-lead']);
  await releaseWith('context has proof && context.proof.ageSeconds > 60');
  await expect(world.decisions.rowsPermitted(calls)).rejects.toMatchObject({
    code: 'access.denied',
  });
});
