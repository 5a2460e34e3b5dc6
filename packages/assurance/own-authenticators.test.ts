import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fixedClock, newId, type Id } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { Acr } from '@proofline/protocol';
import {
  AUTHENTICATORS_MAX,
  lowerAcr,
  ownActRefusal,
  proversOf,
  type OwnOne,
  type OwnSet,
} from './own-authenticators.ts';

const SEED = 20261121;
const levels: readonly Acr[] = ['phr', 'phrh'];

/** Somebody tries something, with a proof by whichever authenticator: theirs, a removed one, a stranger's. */
interface Try {
  readonly kind: 'add' | 'rename' | 'remove';
  readonly target: number;
  readonly prover: number;
  readonly hardware: Acr;
}

const anyTry: fc.Arbitrary<Try> = fc.record({
  kind: fc.constantFrom('add', 'rename', 'remove'),
  target: fc.nat(14),
  prover: fc.nat(14),
  hardware: fc.constantFrom(...levels),
});

it('no sequence of own changes leaves nobody’s proof, raises a level, or is proved by a stranger', () => {
  const ids = { clock: fixedClock(), random: seededRandom('own') };
  const pool = Array.from({ length: 600 }, () => newId('ath', ids));
  let made = 0;
  const kinds = new Map<string, number>();
  const property = fc.property(
    fc.constantFrom(...levels),
    fc.integer({ min: 1, max: 2 }),
    fc.array(anyTry, { minLength: 12, maxLength: 30 }),
    (first, least, tries) => {
      let next = 0;
      const fresh = (): Id<'ath'> => pool[next++ % pool.length]!;
      let own: readonly OwnOne[] = [{ authenticatorId: fresh(), acr: first }];
      const ever = [...own];
      const stranger = { authenticatorId: fresh(), acr: 'phrh' as Acr };
      for (const { hardware, kind, prover, target } of tries) {
        const aimed = [...ever, stranger][target % (ever.length + 1)]!;
        const by = [...ever, stranger][prover % (ever.length + 1)]!;
        const act = { kind, authenticatorId: aimed.authenticatorId };
        const set: OwnSet = { authenticators: own, least };
        if (ownActRefusal(act, set) !== undefined) continue;
        if (!proversOf(act, set).includes(by.authenticatorId)) continue;
        const before = own;
        // Whoever proved it has it now, and it is neither the stranger's nor one that was removed.
        expect(before).toContain(by);
        if (kind === 'add') {
          const added = { authenticatorId: fresh(), acr: lowerAcr(hardware, by.acr) };
          expect(before.every(({ acr }) => lowerAcr(acr, by.acr) === acr)).toBe(true);
          own = own.concat(added);
          ever.push(added);
        } else if (kind === 'remove') {
          expect(by).not.toBe(aimed);
          own = own.filter((one) => one !== aimed);
          expect(own.length).toBeGreaterThanOrEqual(least);
          expect(own).toHaveLength(before.length - 1);
        }
        made += 1;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        expect(own.length).toBeGreaterThanOrEqual(1);
        expect(own.length).toBeLessThanOrEqual(AUTHENTICATORS_MAX);
        // The strongest of the first day is the ceiling of every day.
        if (first === 'phr') expect(own.every(({ acr }) => acr === 'phr')).toBe(true);
      }
    },
  );
  fc.assert(property, { seed: SEED, numRuns: 10_000 });
  // A test that refuses everything would find nothing.
  expect(made).toBeGreaterThan(20_000);
  for (const kind of ['add', 'rename', 'remove']) expect(kinds.get(kind)).toBeGreaterThan(1_000);
});
