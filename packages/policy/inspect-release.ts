import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { PolicyFault } from '@proofline/protocol';
import { canonicalPolicy, objectOf } from './canonical-policy.ts';
import { compiledEngine } from './compiled-engine.ts';
import { contextShapesOf } from './context-shapes.ts';
import type { PolicyEngine } from './engine.ts';
import { canonicalInvariant } from './invariants/canonical-invariant.ts';
import { findInvariantFaults } from './invariants/find-invariant-faults.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { Policy, PolicySet } from './policy-set.ts';
import { readRelease, type ReadRelease, type ReleaseLimits } from './read-release.ts';
import type { ReleaseText } from './release-text.ts';
import { validatePolicies } from './validate-policies.ts';

/** Bounds on what is taken as a release. */
export const releaseLimits: ReleaseLimits = {
  fileMaxChars: 256 * 1024,
  policiesMaxCount: 5_000,
  patternStarsMax: 8,
};

/** A set that was taken once stays one, however narrow the bounds become. */
export const withoutLimits: ReleaseLimits = {
  fileMaxChars: Infinity,
  policiesMaxCount: Infinity,
  patternStarsMax: Infinity,
};

/** How a release is looked at; by our own engine and within today's bounds unless told. */
export interface InspectOptions {
  readonly engine?: PolicyEngine;
  readonly limits?: ReleaseLimits;
}

/** A release that may be, or every fault that keeps it from being one. */
export type ReleaseFindings =
  | { readonly set: PolicySet; readonly faults: readonly [] }
  | { readonly set?: undefined; readonly faults: readonly PolicyFault[] };

/**
 * Compiles a set of policies, or lists all that is wrong with it, with file, line and column. Never
 * throws for the content of a text. The codes are stable.
 */
export function inspectRelease(
  release: ReleaseText,
  { engine = compiledEngine, limits = releaseLimits }: InspectOptions = {},
): ReleaseFindings {
  const { read, faults } = readRelease(release, limits);
  if (read === undefined) return { faults };
  const invariants = inOrder(release.invariants);
  const unfit = [
    ...validatePolicies(release.schema, read),
    ...findInvariantFaults({ schema: read.schema, text: release.schema }, invariants),
  ];
  if (unfit.length > 0) return { faults: unfit };
  return { set: setOf({ schema: release.schema, invariants }, read, engine), faults: [] };
}

function inOrder(invariants: ReleaseText['invariants'] = []): readonly Invariant[] {
  return invariants.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function setOf(
  { schema: schemaText, invariants }: Required<Pick<ReleaseText, 'schema' | 'invariants'>>,
  release: ReadRelease,
  engine: PolicyEngine,
): PolicySet {
  const { schema, defaults, json, policies } = release;
  const named = policies.map(({ id, layer, policy }) => {
    return [id, `{"json":${canonicalPolicy(policy)},"layer":"${layer}"}`] as const;
  });
  const held = invariants.map((one) => [one.name, canonicalInvariant(one)] as const);
  // Without any, the digest is that of the time before there were some.
  const promises = held.length === 0 ? '' : `"invariants":${objectOf(held)},`;
  const content = `{${promises}"policies":${objectOf(named)},"schema":${canonicalJson(json)}}`;
  const digest = sha256Base64url(content);
  const texts = Object.fromEntries(policies.map(({ id, cedar }) => [id, cedar]));
  const source = { digest, schema: schemaText, policies: texts };
  const read = { schema, policies: new Map(policies.map(({ id, policy }) => [id, policy])) };
  return {
    digest,
    invariants,
    policies: new Map(
      policies.map(({ id, layer, reason, cedar, policy: { effect } }): [string, Policy] => [
        id,
        { id, layer, effect, reason, cedar },
      ]),
    ),
    shapes: contextShapesOf(schema),
    defaults,
    compiled: engine.compile({ source, read }),
    source,
    read,
  };
}
