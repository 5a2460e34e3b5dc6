import type { Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { populateWorld, worldMigrations, type PopulatedWorld } from './open-world.ts';

/** Where every test of a file begins. */
interface Scene {
  readonly storage: Storage;
  readonly world: PopulatedWorld;
  /** Rings at Ana's desk. */
  readonly call: Id<'int'>;
}

/** Before each test of a file a world of its own, in which a call rings. */
export function aCallRings(begin: (scene: Scene) => void): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openTestStorage(worldMigrations);
    const world = await populateWorld(storage);
    begin({ storage, world, call: await world.ring() });
  });
  afterEach(() => storage.close());
}
