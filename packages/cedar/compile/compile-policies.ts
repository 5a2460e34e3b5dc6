import type { Frame } from '../authorize/frame.ts';
import type { Policy } from '../policy/policy.ts';
import { operations } from './operations.ts';
import { writeBool, type Surroundings } from './write-expression.ts';

/**
 * A policy's conditions as a function of a frame and of the policy's own constants. Throws an
 * `EvaluationError` where they cannot be computed. The scope is not part of it: the index is.
 */
export interface CompiledConditions {
  readonly hold: (frame: Frame, constants: readonly unknown[]) => boolean;
  readonly constants: readonly unknown[];
}

/**
 * Compiles policies to JavaScript. Policies that differ only in their literals share one function:
 * three thousand policies are usually a few dozen shapes, and the machine learns each once.
 */
export function compilePolicies(policies: readonly Policy[]): CompiledConditions[] {
  const shapes = new Map<string, number>();
  const written = policies.map((policy) => {
    const { source, constants } = writeConditions(policy);
    const shape = shapes.get(source) ?? shapes.size;
    shapes.set(source, shape);
    return { shape, constants };
  });
  const functions = evaluateSources([...shapes.keys()]);
  return written.map(({ shape, constants }) => {
    const hold = functions[shape];
    if (hold === undefined) throw new Error('a shape was written and not compiled');
    return { hold, constants };
  });
}

function writeConditions(policy: Policy): { source: string; constants: readonly unknown[] } {
  const around: Surroundings = { constants: [], temporaries: 0 };
  const clauses = policy.conditions.map(
    ({ kind, body }) => `${kind === 'when' ? '' : '!'}${writeBool(body, around)}`,
  );
  const names = Array.from({ length: around.temporaries }, (_, index) => `t${index}`);
  const declared = names.length === 0 ? '' : `let ${names.join(',')};`;
  return {
    source: `${declared}return ${clauses.join('&&') || 'true'};`,
    constants: around.constants,
  };
}

function evaluateSources(sources: readonly string[]): CompiledConditions['hold'][] {
  const functions = sources.map((source) => `function(q,k){${source}}`).join(',\n');
  // The source is our own: of a policy's text it holds attribute and function names only, each
  // through JSON.stringify, and no literal.
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
  const make = new Function('r', `'use strict';return [${functions}];`) as (
    r: typeof operations,
  ) => CompiledConditions['hold'][];
  return make(operations);
}
