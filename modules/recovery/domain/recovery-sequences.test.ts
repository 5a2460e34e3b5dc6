import fc from 'fast-check';
import { expect, it } from 'vitest';
import { realms, type Realm } from '@proofline/protocol';
import { powers } from '../testing/recovery-cast.ts';
import { World } from '../testing/recovery-model.ts';
import { anyStep } from '../testing/recovery-steps.ts';
import { checkTable, type CheckTable } from './checks.ts';

const sceneOf = (among: readonly Realm[]) =>
  fc.record({
    realm: fc.constantFrom(...among),
    power: fc.constantFrom(...powers),
    hasCode: fc.boolean(),
    steps: fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' }),
  });

/** Plays sequences until one breaks the promise; what broke, and how often somebody got through. */
function play(checks: CheckTable, numRuns: number, among: readonly Realm[] = realms) {
  let completions = 0;
  const outcome = fc.check(
    fc.property(sceneOf(among), ({ hasCode, power, realm, steps }) => {
      const world = new World({ realm, power, hasCode, checks });
      for (const step of steps) world.take(step);
      completions += world.completions;
      if (world.faults.length > 0) throw new Error(world.faults.join('; '));
    }),
    { numRuns, seed: 4, endOnFailure: true },
  );
  const { errorInstance } = outcome;
  return { completions, fault: errorInstance instanceof Error ? errorInstance.message : undefined };
}

it.each(realms)(
  'P1, %s: no sequence of anybody’s actions changes a subject’s credentials without that subject’s proofs',
  (realm) => {
    const { completions, fault } = play(checkTable, 10_000, [realm]);
    expect(fault).toBeUndefined();
    // Those who may get through do: a machine that refuses everything would pass too.
    expect(completions).toBeGreaterThan(500);
  },
);

/**
 * Second locks: one of them alone opens nothing when it is taken away. A proof that falls away ends the
 * wait by itself, and only watched time counts, however the clock is turned.
 */
const second = new Set([
  'complete/both-proofs-stand',
  'complete/is-ready',
  'complete/clock-runs-on',
  'vouch/clock-runs-on',
  'give-code/clock-runs-on',
]);

const guards = Object.entries(checkTable).flatMap(([kind, column]) =>
  Object.keys(column).map((name) => ({ kind, name })),
);

it.each(guards.filter(({ kind, name }) => !second.has(`${kind}/${name}`)))(
  '$kind without $name breaks the promise: no guard is there for show',
  ({ kind, name }) => {
    const column = Object.fromEntries(
      Object.entries(checkTable[kind as keyof CheckTable]).filter(([one]) => one !== name), // A name of the table.
    );
    expect(play({ ...checkTable, [kind]: column }, 20_000).fault).toBeDefined();
  },
);
