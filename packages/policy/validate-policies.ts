import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyFault } from '@proofline/protocol';
import { PolicyShapes } from './policy-shape.ts';
import type { PlacedPolicy, ReadRelease } from './read-release.ts';
import { RecentTexts } from './recent-texts.ts';
import { charsOf, faultAtStart, positionAt, SCHEMA_PATH, sentenceOf } from './release-faults.ts';

/** Shapes in which the validator found nothing, by the whole text of the schema. */
const sound = new RecentTexts<Set<string>>(4);
/** Longer shapes, and more of them for one schema, are not kept. */
const SHAPE_MAX_CHARS = 4_000;
const SHAPES_MAX = 5_000;

/** Every error and every warning of Cedar's strict validator. */
export function validatePolicies(text: string, { schema, policies }: ReadRelease): PolicyFault[] {
  const shapes = new PolicyShapes(schema);
  const known = sound.find(text) ?? new Set<string>();
  const ofShape = new Map<string, PlacedPolicy>();
  for (const one of policies) {
    const shape = shapes.of(one.policy);
    if (!known.has(shape)) ofShape.set(shape, one);
  }
  if (ofShape.size === 0) return [];
  // Where one of a shape has a finding, all of it have: each is told, with its place.
  const [some] = validateAll(text, [...ofShape.values()]);
  if (some !== undefined) return validateAll(text, policies);
  for (const shape of ofShape.keys()) if (shape.length <= SHAPE_MAX_CHARS) known.add(shape);
  if (known.size <= SHAPES_MAX) sound.keep(text, known);
  return [];
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
