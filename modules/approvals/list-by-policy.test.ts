import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permittedOneByOne } from '@proofline/decisions/testing';
import { newId } from '@proofline/kernel';
import { migrations } from './index.ts';
import { insertApproval } from './store/approval-rows.ts';
import { approvalsWorld } from './testing/approvals-world.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
const ids: string[] = [];
const people = () => {
  const { agent, both, colleague, otherDesk, secondSupervisor, supervisor } = world;
  return [agent, both, colleague, otherDesk, secondSupervisor, supervisor];
};

beforeAll(async () => {
  world = await approvalsWorld();
  const at = new Date(world.clock.now());
  for (const { subjectId } of people()) {
    for (const desk of ['Harbour', 'Quay', 'harbour']) {
      const id = newId('apr', world);
      ids.push(id);
      await insertApproval(world.storage.db, {
        tenant: 'hx',
        approval_id: id,
        interaction_id: world.ids.call,
        content: JSON.stringify(world.content()),
        content_digest: id,
        note: null,
        customer_id: null,
        requested_by: subjectId,
        desk,
        requested_at: at,
        request_evidence_id: newId('evt', world),
        expires_at: new Date(at.getTime() + 600_000),
      });
    }
  }
  // A stand-in without a tenant, which the wall leaves to its owner.
  await sql`grant all on recorded_evidence to public`.execute(world.storage.db);
  await world.storage.raiseWall({ tenant: 'hx', migrations });
});
afterAll(() => world.storage.close());

test('everybody is listed exactly the approvals that they may see', async () => {
  for (const person of people()) {
    const listed = (await world.list(person)).map(({ approvalId }) => approvalId).toSorted();
    const oneByOne = await permittedOneByOne(
      {
        subjectId: person.subjectId,
        reader: person,
        action: 'approval:list',
        resourceType: 'Approval',
        providers: world.approvals.factsProviders,
      },
      ids,
    );
    expect(listed).toEqual(oneByOne);
    expect(listed.length).toBeGreaterThan(0);
  }
});

test('a list without its condition would show no other desk’s approvals', async () => {
  const { subjectId } = world.otherDesk;
  const { rows } = await world.storage.confined({ subjectId, desk: 'Quay' }, (tx) =>
    sql<{ requested_by: string; desk: string }>`select requested_by, desk from approvals`.execute(
      tx,
    ),
  );
  expect(rows.length).toBe(people().length + 2);
  expect(rows.every((row) => row.desk === 'Quay' || row.requested_by === subjectId)).toBe(true);
});
