import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callRoute } from '@proofline/customers/testing';
import { permittedOneByOne } from '@proofline/decisions/testing';
import { newId, type Id } from '@proofline/kernel';
import { listCases, listInteractions, Role } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { caseRows } from './store/case-rows.ts';
import { interactionRows } from './store/interaction-rows.ts';
import { createInteractionsWorld, staffCaller } from './testing/interactions-world.ts';
import { worldMigrations } from './testing/open-world.ts';

const desks = ['Harbour', 'Hill', 'harbour'];
const states = ['ringing', 'live', 'ended'] as const;
const wall = { tenant: 'acme', migrations: worldMigrations };

let storage: Storage;
let world: ReturnType<typeof createInteractionsWorld>;
const ids = { Interaction: new Array<string>(), Case: new Array<string>() };

beforeAll(async () => {
  storage = await openTestStorage(worldMigrations);
  world = createInteractionsWorld(storage);
  for (const agent of [world.ana, world.ben]) {
    for (const desk of desks) {
      for (const state of states) await addCall(agent.subjectId, desk, state);
    }
  }
  await addCase(null, 'open');
  await addCase(null, 'closed');
  // What is shown is what the policies say; that the wall agrees shows below.
  await storage.raiseWall(wall);
});

afterAll(() => storage.close());

async function addCall(agentId: string, desk: string, state: (typeof states)[number]) {
  const at = new Date(world.clock.now());
  const id = newId('int', world);
  await interactionRows('acme').insert(storage.db, {
    interaction_id: id,
    external_id: id,
    channel: 'call',
    state,
    agent_id: agentId,
    desk,
    case_id: null,
    wrong_codes: 0,
    started_at: at,
    ended_at: state === 'ended' ? at : null,
    evidence_id: newId('evt', world),
  });
  ids.Interaction.push(id);
  await addCase(id, state === 'ended' ? 'closed' : 'open');
}

async function addCase(interactionId: Id<'int'> | null, state: 'open' | 'closed') {
  const at = new Date(world.clock.now());
  const id = newId('cse', world);
  await caseRows('acme').insert(storage.db, {
    case_id: id,
    case_type: 'billing',
    state,
    interaction_id: interactionId,
    customer_id: null,
    opened_at: at,
    closed_at: state === 'closed' ? at : null,
    evidence_id: null,
  });
  ids.Case.push(id);
}

const readers = Role.options.flatMap((role) =>
  ['Harbour', 'Hill'].map((desk) => [role, desk] as const),
);

test.each(readers)(
  '%s at %s is listed exactly the calls and cases that they may see',
  async (role, desk) => {
    const reader = staffCaller();
    const staff = { displayName: 'Rae Lind', desk, roles: [role] };
    world.people.set(reader.subjectId, staff);
    await addCall(reader.subjectId, 'Elsewhere', 'live');
    const query = { caller: reader, query: {} };
    const { interactions } = await callRoute(world.routes, listInteractions, query);
    const { cases } = await callRoute(world.routes, listCases, query);
    const oneByOne = (action: 'interaction:read' | 'case:list', resourceType: keyof typeof ids) =>
      permittedOneByOne(
        {
          subjectId: reader.subjectId,
          reader: staff,
          action,
          resourceType,
          providers: world.interactions.factsProviders,
        },
        ids[resourceType],
      );
    const calls = interactions.map(({ interactionId }) => interactionId).toSorted();
    expect(calls).toEqual(await oneByOne('interaction:read', 'Interaction'));
    expect(cases.map(({ caseId }) => caseId).toSorted()).toEqual(
      await oneByOne('case:list', 'Case'),
    );
  },
);

test('a list without its condition would show no other desk’s calls and cases', async () => {
  const reader = { subjectId: world.ana.subjectId, desk: 'Hill' };
  const seen = await storage.confined(reader, async (tx) => ({
    calls: (await sql<CallRow>`select agent_id, desk from interactions`.execute(tx)).rows,
    cases: (
      await sql<CallRow>`select call.agent_id, call.desk from cases
        left join interactions as call on call.interaction_id = cases.interaction_id
        where cases.interaction_id is not null`.execute(tx)
    ).rows,
  }));
  expect(seen.cases.length).toBe(seen.calls.length);
  // Ana’s nine, and of Hill those of Ben as well.
  expect(seen.calls.length).toBe(9 + 3);
  for (const { agent_id, desk } of [...seen.calls, ...seen.cases]) {
    expect(agent_id === world.ana.subjectId || desk === 'Hill').toBe(true);
  }
});

interface CallRow {
  readonly agent_id: string | null;
  readonly desk: string | null;
}
