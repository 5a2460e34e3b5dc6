import type { Id, JsonObject } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { erasureWorld, type ErasureWorld } from './erasure-world.ts';
import { testId } from './index.ts';

/** Whom the story is about, and their case. */
export const people = {
  customer: testId('cus'),
  neighbour: testId('cus'),
  caseId: testId('cse'),
};

/** Who bears a name: one of them has another’s as well. */
const namesakes: Readonly<Record<string, readonly string[]>> = {
  'Paula Okafor': [people.customer],
  'P. Okafor': [people.customer, people.neighbour],
};

/** An entry as it is read. */
export interface Read {
  entry: { index: number; subjects: JsonObject };
  personal: { fields: JsonObject }[];
  gone: { causes: { index: number; byIndex: number }[]; fields: { count: number }[] };
}

/** Two people, three entries about them, and the month in which they were written is over. */
export interface ErasureStory {
  readonly world: ErasureWorld;
  readonly told: {
    readonly asked: Id<'evt'>;
    readonly bound: Id<'evt'>;
    readonly other: Id<'evt'>;
  };
  read(evidenceId: string): Promise<Read>;
  indexOf(evidenceId: string): Promise<number>;
  count(table: string, condition: string): Promise<number | undefined>;
}

/** @see ErasureStory */
export async function erasureStory(storage: Storage): Promise<ErasureStory> {
  const world = await erasureWorld(storage, {
    resolveSubject: async (text) => (text === 'NW-20441' ? people.customer : undefined),
    findSubjects: async (text) => namesakes[text] ?? [],
    nameOf: async (subject) => (subject === people.customer ? 'Paula Okafor' : undefined),
  });
  const told = await tellStory(world);
  world.clock.advance(40 * 24 * 3_600_000);
  const read = (evidenceId: string) => world.read<Read>(evidenceId);
  return {
    world,
    told,
    read,
    indexOf: async (evidenceId) => (await read(evidenceId)).entry.index,
    async count(table, condition) {
      const { rows } = await sql
        .raw<{ n: number }>(`select count(*)::int as n from ${table} where ${condition}`)
        .execute(storage.db);
      return rows[0]?.n;
    },
  };
}

async function tellStory(world: ErasureWorld) {
  const { customer, neighbour, caseId } = people;
  const of = (subject: Id<'cus'>, name: string) => ({
    subjects: { customer: subject },
    personal: [{ subject, retention: 'case' as const, fields: { name } }],
  });
  const asked = await world.record({
    kind: 'proof.requested',
    refs: { caseId },
    ...of(customer, 'Paula Okafor'),
  });
  const bound = await world.record({
    kind: 'proof.ended',
    causes: [asked],
    ...of(customer, 'Paula Okafor'),
  });
  const other = await world.record({ kind: 'proof.requested', ...of(neighbour, 'Paul Neighbour') });
  return { asked, bound, other };
}
