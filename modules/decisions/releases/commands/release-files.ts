import { canonicalJson, type Json } from '@proofline/kernel';
import {
  compileRelease,
  PolicyReleaseError,
  type DecisionCase,
  type ReleaseText,
} from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { runCases } from '../domain/run-cases.ts';
import { currentOf } from '../domain/verify-release.ts';
import { newestRelease } from '../store/release-rows.ts';
import { writeRelease } from './write-release.ts';

/**
 * Makes a set of policies live without a second person: at the first start, and where the setting
 * says that the folder counts. The same content again is the same release.
 *
 * @throws PolicyReleaseError when it does not validate or one of the cases comes out otherwise
 */
export async function releaseFiles(
  context: DecisionsContext,
  text: ReleaseText,
  cases: readonly DecisionCase[] = [],
): Promise<ReleaseRef> {
  const set = compileRelease(text);
  const { failed } = runCases(set, cases);
  if (failed.length > 0) {
    throw new PolicyReleaseError(
      failed.flatMap(({ name, problems }) => problems.map((one) => `case ${name}: ${one}`)),
    );
  }
  const stored = storedForm(text, cases);
  const release = await context.storage.transaction(async (tx) => {
    const newest = await newestRelease(tx, context.tenant);
    const isSame = newest?.digest === set.digest && newest.cases === stored.cases;
    if (newest?.signature && isSame) {
      return currentOf(newest, set);
    }
    return writeRelease(context, tx, {
      set,
      ...stored,
      origin: 'files',
      isProved: false,
      draft: { kind: 'policy.released', facts: { casesPassed: cases.length } },
    });
  });
  context.setRelease(release);
  return release.ref;
}

/** Texts and cases as they are stored: the same content is the same text. */
export function storedForm(
  text: ReleaseText,
  cases: readonly DecisionCase[],
): { readonly text: string; readonly cases: string } {
  return { text: storedText(text), cases: canonicalJson(plain(byName(cases))) };
}

/** Texts and invariants as they are stored. */
export function storedText({ schema, policies, invariants = [] }: ReleaseText): string {
  const files = policies
    .map(({ path, text: cedar }) => ({ path, text: cedar }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const held = invariants.length > 0 && { invariants: plain(byName(invariants)) };
  return canonicalJson({ schema, policies: files, ...held });
}

function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function plain(value: readonly object[]): Json {
  // What `JSON.parse` answers is JSON; the pass through text drops members that are `undefined`.
  return JSON.parse(JSON.stringify(value)) as Json;
}
