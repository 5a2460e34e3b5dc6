import {
  newId,
  systemClock,
  systemRandom,
  type Clock,
  type Id,
  type Random,
} from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { Storage } from '@proofline/storage';
import { createLedger } from '../create-ledger.ts';
import type { HighWaterMark, Ledger, LedgerDeps } from '../types.ts';

/** A high-water mark that lives as long as the test. */
export function memoryMark(text?: string): HighWaterMark & { current(): string | undefined } {
  let stored = text;
  return {
    read: async () => stored,
    write: async (checkpoint) => {
      stored = checkpoint;
    },
    current: () => stored,
  };
}

/** A ledger for tests, over a storage that has its {@link migrations}. Start it, and stop it. */
export function testLedger(storage: Storage, change: Partial<LedgerDeps> = {}): Ledger {
  return createLedger({ ...testDeps(storage), ...change });
}

/** What {@link testLedger} is made with. */
export function testDeps(storage: Storage): LedgerDeps {
  return {
    storage,
    clock: systemClock,
    random: systemRandom,
    tenant: 'acme',
    origin: 'staff.localhost/acme',
    signingSeed: seededRandom('log seed').bytes(32),
    kek: seededRandom('kek').bytes(32),
    mark: memoryMark(),
  };
}

/** An id for tests. */
export function testId<P extends Parameters<typeof newId>[0]>(
  prefix: P,
  ports: { readonly clock?: Clock; readonly random?: Random } = {},
): Id<P> {
  return newId(prefix, { clock: ports.clock ?? systemClock, random: ports.random ?? systemRandom });
}
