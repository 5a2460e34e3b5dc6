import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyFault } from '@proofline/protocol';
import { PolicyShapes } from './policy-shape.ts';
import type { PlacedPolicy, ReadRelease } from './read-release.ts';
import { charsOf, faultAtStart, positionAt, SCHEMA_PATH, sentenceOf } from './release-faults.ts';

/** Every error and every warning of Cedar's strict validator. */
export function validatePolicies(text: string, { schema, policies }: ReadRelease): PolicyFault[] {
  const shapes = new PolicyShapes(schema);
  const ofShape = new Map<string, PlacedPolicy>();
  for (const one of policies) ofShape.set(shapes.of(one.policy), one);
  // Where one of a shape has a finding, all of it have: each is told, with its place.
  const [some] = validateAll(text, [...ofShape.values()]);
  return some === undefined ? [] : validateAll(text, policies);
}

function validateAll(schema: string, policies: readonly PlacedPolicy[]): PolicyFault[] {
  const byId = new Map(policies.map((one) => [one.id, one]));
  const staticPolicies = Object.fromEntries(policies.map(({ id, cedar }) => [id, cedar]));
  const answer = validate({
    schema,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') {
    return answer.errors.map(({ message }) => faultAtStart('', 'policy.invalid', message));
  }
  const about = [...answer.validationErrors, ...answer.validationWarnings].map(
    ({ policyId, error }): PolicyFault => {
      const of = byId.get(policyId);
      if (of === undefined) return faultAtStart('', 'policy.invalid', error.message);
      const inside = error.sourceLocations?.[0]?.start ?? 0;
      const at = positionAt(of.file, of.offset + charsOf(of.cedar, inside));
      return { code: 'policy.invalid', path: of.path, ...at, text: sentenceOf(error) };
    },
  );
  const others = answer.otherWarnings.map((error) =>
    faultAtStart(SCHEMA_PATH, 'policy.invalid', sentenceOf(error)),
  );
  return [...about, ...others];
}
