import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyStep, powers, World } from '../testing/recovery-model.ts';
import { checkTable, type CheckTable } from './checks.ts';

const scene = fc.record({
  power: fc.constantFrom(...powers),
  hasCode: fc.boolean(),
  steps: fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' }),
});

/** Plays sequences until one breaks the promise; what broke, and how often somebody got through. */
function play(checks: CheckTable, numRuns: number) {
  let completions = 0;
  const outcome = fc.check(
    fc.property(scene, ({ hasCode, power, steps }) => {
      const world = new World({ power, hasCode, checks });
      for (const step of steps) world.take(step);
      completions += world.completions;
      if (world.faults.length > 0) throw new Error(world.faults.join('; '));
    }),
    { numRuns, seed: 4, endOnFailure: true },
  );
  const { errorInstance } = outcome;
  return { completions, fault: errorInstance instanceof Error ? errorInstance.message : undefined };
}

it('P1: no sequence of anybody’s actions changes a subject’s credentials without that subject’s proofs', () => {
  const { completions, fault } = play(checkTable, 10_000);
  expect(fault).toBeUndefined();
  // Those who may get through do: a machine that refuses everything would pass too.
  expect(completions).toBeGreaterThan(500);
});

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
