import {
  policySetTextToParts,
  policyToJson,
  schemaToJson,
  validate,
  type DetailedError,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { Json } from '@proofline/kernel';
import { layerOfPath, policyLayers } from './layers.ts';
import type { Policy } from './policy-set.ts';

/** A policy and its JSON form (EST), from which the digest is made. */
export interface ParsedPolicy {
  readonly policy: Policy;
  readonly json: Json;
  readonly path: string;
}

/** The schema's JSON form, or why there is none. */
export function parseSchema(text: string): { readonly json: Json; readonly problems: string[] } {
  const answer = schemaToJson(text);
  if (answer.type === 'failure')
    return { json: null, problems: sentences('schema', answer.errors) };
  return { json: plain(answer.json), problems: sentences('schema', answer.warnings) };
}

/** Splits files into policies; a problem for each that lacks what a release needs. */
export function parsePolicies(files: readonly { readonly path: string; readonly text: string }[]): {
  readonly parsed: ParsedPolicy[];
  readonly problems: string[];
} {
  const parsed: ParsedPolicy[] = [];
  const problems: string[] = [];
  for (const { path, text } of files) {
    const parts = policySetTextToParts(text);
    if (parts.type === 'failure') {
      problems.push(...sentences(path, parts.errors));
      continue;
    }
    if (parts.policy_templates.length > 0) problems.push(`${path}: a template is no policy`);
    for (const cedar of parts.policies) {
      const one = parsePolicy(path, cedar);
      if (typeof one === 'string') problems.push(`${path}: ${one}`);
      else parsed.push(one);
    }
  }
  return { parsed, problems };
}

function parsePolicy(path: string, cedar: string): ParsedPolicy | string {
  const answer = policyToJson(cedar);
  if (answer.type === 'failure') return sentences('', answer.errors).join(' ');
  const { effect, annotations = {} } = answer.json;
  const layer = layerOfPath(path);
  if (!layer) return `the folder is none of the layers ${policyLayers.join(', ')}`;
  const id = annotations['id'];
  if (!id || !/^[a-z0-9]+(?:[.-][a-z0-9]+)+$/.test(id)) {
    return 'a policy has no @id of the form layer.what-it-says';
  }
  const reason = annotations['reason'];
  if (!reason || !reason.endsWith('.')) return `${id} has no @reason that is a sentence`;
  return { policy: { id, layer, effect, reason, cedar }, json: plain(answer.json), path };
}

/** Every error and every warning of Cedar's strict validator, as sentences. */
export function validatePolicies(
  schema: string,
  policies: Readonly<Record<string, string>>,
): string[] {
  const answer = validate({
    schema,
    policies: { staticPolicies: { ...policies } },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') return sentences('validation', answer.errors);
  return [
    ...[...answer.validationErrors, ...answer.validationWarnings].map(
      ({ policyId, error }) => `${policyId}: ${error.message}`,
    ),
    ...sentences('validation', answer.otherWarnings),
  ];
}

function sentences(where: string, errors: readonly DetailedError[]): string[] {
  return errors.map((error) => `${where}: ${error.message}`);
}

/** cedar-wasm's answers are JSON already; a pass through text drops `undefined` and prototypes. */
function plain(value: unknown): Json {
  // What `JSON.parse` answers is JSON; its type says `any`.
  return JSON.parse(JSON.stringify(value)) as Json;
}
