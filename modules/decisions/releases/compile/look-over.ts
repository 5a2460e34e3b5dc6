import {
  holdTo,
  inspectRelease,
  partsOf,
  withoutLimits,
  type ReleaseFindings,
} from '@proofline/policy';
import { findLockOut } from '../domain/find-lock-out.ts';
import { runCases } from '../domain/run-cases.ts';
import type { Compiled, CompileJob } from './messages.ts';

/** Parses, validates and compiles a set, and decides its named cases. Never throws for its content. */
export function lookOver({ text, cases, isStored, heldTo }: CompileJob): Compiled {
  const { set, faults } = isStored ? compileAgain(text, heldTo) : inspectRelease(text);
  if (set === undefined) return { faults };
  return {
    faults: [],
    parts: partsOf(set),
    outcome: runCases(set, cases),
    lockOut: findLockOut(set),
  };
}

/** Not by the bounds of today: they may be narrower than those that it was taken under. */
function compileAgain(text: CompileJob['text'], heldTo: CompileJob['heldTo']): ReleaseFindings {
  const limits = withoutLimits;
  if (heldTo === undefined) return inspectRelease(text, { limits });
  return inspectRelease(holdTo(text, heldTo), { limits });
}
