import { afterAll, beforeAll, expect, test } from 'vitest';
import { callRoute } from '@proofline/customers/testing';
import { newId } from '@proofline/kernel';
import { compileRelease, decide, type PolicySet } from '@proofline/policy';
import { listInteractions, Role } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { productPolicies } from '../../packages/policy/testing/product-policies.ts';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { interactionRows } from './store/interaction-rows.ts';
import { createInteractionsWorld, staffCaller } from './testing/interactions-world.ts';
import { worldMigrations } from './testing/open-world.ts';

const desks = ['Harbour', 'Hill', 'harbour'];
const states = ['ringing', 'live', 'ended'] as const;

let storage: Storage;
let world: ReturnType<typeof createInteractionsWorld>;
let set: PolicySet;

beforeAll(async () => {
  storage = await openTestStorage(worldMigrations);
  world = createInteractionsWorld(storage);
  set = compileRelease(productPolicies());
  const rows = interactionRows('acme');
  for (const agent of [world.ana, world.ben]) {
    for (const desk of desks) {
      for (const state of states) {
        await rows.insert(storage.db, callOf(agent.subjectId, desk, state));
      }
    }
  }
});

afterAll(() => storage.close());

function callOf(agentId: string, desk: string, state: (typeof states)[number]) {
  const at = new Date(world.clock.now());
  const id = newId('int', world);
  return {
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
  };
}

test.each(Role.options)('%s is listed exactly the calls that they may read', async (role) => {
  const reader = staffCaller();
  const staff = { displayName: 'Rae Lind', desk: 'Harbour', roles: [role] };
  world.people.set(reader.subjectId, staff);
  await interactionRows('acme').insert(storage.db, callOf(reader.subjectId, 'Hill', 'live'));
  const { interactions } = await callRoute(world.routes, listInteractions, {
    caller: reader,
    query: {},
  });

  const rows = await storage.db
    .withTables<{
      interactions: Record<'interaction_id' | 'agent_id' | 'desk' | 'state', string>;
    }>()
    .selectFrom('interactions')
    .select(['interaction_id', 'agent_id', 'desk', 'state'])
    .execute();
  const mayRead = rows.filter((row) => {
    const { effect } = decide(set, {
      principal: { type: 'Staff', id: reader.subjectId },
      action: 'interaction:read',
      resource: { type: 'Interaction', id: row.interaction_id },
      context: {
        request: {},
        staff: { roles: [role], desk: staff.desk, active: true },
        session: { live: true },
        interaction: {
          state: row.state,
          assignedToSubject: row.agent_id === reader.subjectId,
          sameDesk: row.desk === staff.desk,
        },
      },
    });
    return effect === 'permit';
  });
  expect(interactions.map(({ interactionId }) => interactionId).toSorted()).toEqual(
    mayRead.map((row) => row.interaction_id).toSorted(),
  );
});
