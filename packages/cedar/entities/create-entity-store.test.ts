import { describe, expect, test } from 'vitest';
import { EntityUid, makeSet, type CedarRecord } from '../values/value.ts';
import { createEntityStore, type EntityData } from './create-entity-store.ts';

const uid = (id: string, type = 'Team') => new EntityUid(type, id);

function entity(id: string, parents: string[] = [], attributes: CedarRecord = {}): EntityData {
  return { uid: uid(id), attributes, tags: {}, parents: parents.map((parent) => uid(parent)) };
}

const ids = (uids: readonly EntityUid[] | undefined) => uids?.map(({ id }) => id).toSorted();

describe('an entity store', () => {
  test('knows every entity above another, each once, however often it can be reached', () => {
    const store = createEntityStore([
      entity('agent', ['north', 'south']),
      entity('north', ['all']),
      entity('south', ['all', 'outsourced']),
      entity('all', ['company']),
    ]);
    const agent = store.find(uid('agent'));
    expect(ids(agent?.ancestors)).toEqual(['all', 'company', 'north', 'outsourced', 'south']);
    expect(agent?.isBelow(uid('company'))).toBe(true);
    expect(agent?.isBelow(uid('company', 'Other'))).toBe(false);
    expect(agent?.isBelow(uid('agent'))).toBe(false);
    expect(store.find(uid('all'))?.isBelow(uid('agent'))).toBe(false);
    expect(store.find(uid('company'))).toBeUndefined();
  });

  test('answers the same for many ancestors as for few', () => {
    const parents = Array.from({ length: 100 }, (_, index) => `team ${index}`);
    const agent = createEntityStore([entity('agent', parents)]).find(uid('agent'));
    expect(parents.every((id) => agent?.isBelow(uid(id)))).toBe(true);
    expect(agent?.isBelow(uid('team 100'))).toBe(false);
    expect(agent?.isBelow(uid('team 1', 'Other'))).toBe(false);
  });

  test('refuses entities above themselves, and says which', () => {
    const circle = [entity('a', ['b']), entity('b', ['c']), entity('c', ['b'])];
    expect(() => createEntityStore(circle)).toThrow('Team::"b" in Team::"c" in Team::"b"');
    expect(() => createEntityStore([entity('a', ['a'])])).toThrow(
      expect.objectContaining({ code: 'cycle' }),
    );
  });

  test('takes an entity twice only if nothing differs, sets and order of parents aside', () => {
    const one = entity('a', ['b', 'c'], { codes: makeSet([1, 2]), absent: undefined });
    const same = entity('a', ['c', 'b', 'c'], { codes: makeSet([2, 1]) });
    expect(createEntityStore([one, same]).find(uid('a'))).toBeDefined();
    for (const other of [
      entity('a', ['b'], one.attributes),
      entity('a', ['b', 'c'], { codes: makeSet([1]) }),
      { ...one, tags: { vip: true } },
    ]) {
      expect(() => createEntityStore([one, other])).toThrow(
        expect.objectContaining({ code: 'duplicate' }),
      );
    }
  });

  test('takes names that every object has', () => {
    const store = createEntityStore([entity('__proto__', ['constructor'])]);
    expect(store.find(uid('__proto__'))?.isBelow(uid('constructor'))).toBe(true);
    expect(store.find(uid('toString'))).toBeUndefined();
    expect(store.find(uid('__proto__', '__proto__'))).toBeUndefined();
  });

  test('survives a hierarchy that is as deep as it is large, and refuses one that is too large', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => entity(`${index}`, [`${index + 1}`]));
    expect(createEntityStore(chain(1_000)).find(uid('0'))?.ancestors).toHaveLength(1_000);
    expect(() => createEntityStore(chain(20_000))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});
