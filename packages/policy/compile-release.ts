import { canonicalJson, type Json } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { parsePolicies, parseSchema, validatePolicies, type ParsedPolicy } from './authoring.ts';
import { ageBoundsOf } from './age-bounds.ts';
import { compiledEngine } from './compiled-engine.ts';
import { contextShapesOf } from './context-shapes.ts';
import { readDefaults } from './read-defaults.ts';
import type { PolicyEngine } from './engine.ts';
import type { Policy, PolicySet } from './policy-set.ts';

/** A set of policies as text, as it lies in `policies/`. */
export interface ReleaseText {
  /** The Cedar schema. */
  readonly schema: string;
  /** Each file's path below `policies/`, whose folder names the layer, and its text. */
  readonly policies: readonly { readonly path: string; readonly text: string }[];
}

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
 * The digest is SHA-256 over the canonical JSON of the parsed schema and policies, so comments and
 * line breaks do not change it, and a changed condition, sentence, id or layer does.
 *
 * @throws {PolicyReleaseError} for whatever cannot be parsed or validated, a policy without `@id` or
 *   `@reason`, an id that stands twice, a folder that is no layer, a default that cannot be, or an empty set.
 */
export function compileRelease(
  release: ReleaseText,
  engine: PolicyEngine = compiledEngine,
): PolicySet {
  const schema = parseSchema(release.schema);
  const { parsed, problems } = parsePolicies(release.policies);
  problems.unshift(...schema.problems);
  const { defaults, faults } = readDefaults(release.schema);
  problems.push(...faults.map(({ text }) => `schema: ${text}`));
  if (problems.length === 0) problems.push(...duplicates(parsed));
  if (problems.length === 0) problems.push(...validatePolicies(release.schema, textsById(parsed)));
  if (problems.length > 0) throw new PolicyReleaseError(problems);

  const content = {
    schema: schema.json,
    policies: Object.fromEntries(
      parsed.map(({ policy, json }) => [policy.id, { layer: policy.layer, json }]),
    ),
  };
  const digest = sha256Base64url(canonicalJson(content));
  const source = { digest, schema: release.schema, policies: textsById(parsed) };
  return {
    digest,
    policies: new Map(parsed.map(({ policy }): [string, Policy] => [policy.id, policy])),
    ageBounds: ageBoundsOf(parsed.map(({ json }): Json => json)),
    shapes: contextShapesOf(release.schema),
    defaults,
    compiled: engine.compile(source),
    source,
  };
}

function textsById(parsed: readonly ParsedPolicy[]): Record<string, string> {
  return Object.fromEntries(parsed.map(({ policy }) => [policy.id, policy.cedar]));
}

function duplicates(parsed: readonly ParsedPolicy[]): string[] {
  if (parsed.length === 0) return ['there is no policy at all'];
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { policy, path } of parsed) {
    if (seen.has(policy.id)) problems.push(`${path}: the id ${policy.id} stands twice`);
    seen.add(policy.id);
  }
  return problems;
}
