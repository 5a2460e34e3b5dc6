import type { PolicyEngine } from './engine.ts';
import { inspectRelease, withoutLimits } from './inspect-release.ts';
import type { PolicySet } from './policy-set.ts';
import type { ReleaseText } from './release-text.ts';

/** Thrown when a set may not be released. `problems`: one sentence each. */
export class PolicyReleaseError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the policies cannot be released:\n- ${problems.join('\n- ')}`);
    this.name = 'PolicyReleaseError';
    this.problems = problems;
  }
}

/**
 * Parses, validates (strictly: a warning refuses too) and names a set of policies.
 *
 * The digest is SHA-256 over the canonical JSON of the parsed schema, policies and invariants, so comments and
 * line breaks do not change it, and a changed condition, sentence, id or layer does.
 *
 * @throws {PolicyReleaseError} for whatever cannot be parsed or validated, a policy without `@id` or
 *   `@reason`, an id that stands twice, a folder that is no layer, a default that cannot be, or an empty set.
 */
export function compileRelease(release: ReleaseText, engine?: PolicyEngine): PolicySet {
  const { set, faults } = inspectRelease(release, {
    limits: withoutLimits,
    ...(engine && { engine }),
  });
  if (set !== undefined) return set;
  throw new PolicyReleaseError(
    faults.map(({ path, line, column, text }) => {
      return path === '' ? text : `${path}:${line}:${column}: ${text}`;
    }),
  );
}
