import {
  compileRelease,
  inspectRelease,
  partsOf,
  PolicyReleaseError,
  type ReleaseFindings,
} from '@proofline/policy';
import { findLockOut } from '../domain/find-lock-out.ts';
import { runCases } from '../domain/run-cases.ts';
import type { Compiled, CompileJob } from './messages.ts';

/** Parses, validates and compiles a set, and decides its named cases. Never throws for its content. */
export function lookOver({ text, cases, isStored }: CompileJob): Compiled {
  const { set, faults } = isStored ? compileAgain(text) : inspectRelease(text);
  if (set === undefined) return { faults };
  return {
    faults: [],
    parts: partsOf(set),
    outcome: runCases(set, cases),
    lockOut: findLockOut(set),
  };
}

/** Not by the bounds of today: they may be narrower than those that it was taken under. */
function compileAgain(text: CompileJob['text']): ReleaseFindings {
  try {
    return { set: compileRelease(text), faults: [] };
  } catch (error) {
    if (!(error instanceof PolicyReleaseError)) throw error;
    const fault = { code: 'release.tampered', path: '', line: 1, column: 1, text: error.message };
    return { faults: [fault] };
  }
}
