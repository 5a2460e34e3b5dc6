import { CedarSyntaxError, parsePolicies, type Policy as CedarPolicy } from '@proofline/cedar';
import type { PolicyFault } from '@proofline/protocol';
import { layerOfPath, policyLayers, type PolicyLayer } from './layers.ts';
import { faultAtStart, positionAt, SCHEMA_PATH } from './release-faults.ts';
import { readSchemaText, type SchemaOfText } from './read-schema-text.ts';
import type { ReleaseText } from './release-text.ts';

/** Bounds on what is looked at at all: what is larger is refused unread. */
export interface ReleaseLimits {
  readonly fileMaxChars: number;
  readonly policiesMaxCount: number;
  readonly patternStarsMax: number;
}

/** A policy and where it stands. */
export interface PlacedPolicy {
  readonly id: string;
  readonly reason: string;
  readonly layer: PolicyLayer;
  readonly policy: CedarPolicy;
  readonly path: string;
  /** The whole file, and where in it the policy begins. */
  readonly file: string;
  readonly offset: number;
  readonly cedar: string;
}

/** A release whose every part can be read; whether policies fit the schema is not said. */
export interface ReadRelease extends SchemaOfText {
  readonly policies: readonly PlacedPolicy[];
}

/** Reads a release, or lists what is wrong with its texts, its ids and its size. */
export function readRelease(
  { schema: schemaText, policies: files }: ReleaseText,
  limits: ReleaseLimits,
): { readonly read: ReadRelease; readonly faults: readonly [] } | Faulty {
  const isLarge = (text: string) => text.length > limits.fileMaxChars;
  const schema = isLarge(schemaText)
    ? { faults: [tooLarge(SCHEMA_PATH, limits)] }
    : readSchemaText(schemaText);
  const read = files.map((file) =>
    isLarge(file.text) ? faulty(tooLarge(file.path, limits)) : readFile(file, limits),
  );
  const faults = [...schema.faults, ...read.flatMap((one) => one.faults)];
  if (schema.read === undefined || faults.length > 0) return { faults };
  const policies = read.flatMap((one) => one.policies);
  const whole = findWholeFaults(policies, limits);
  return whole.length > 0 ? { faults: whole } : { read: { ...schema.read, policies }, faults: [] };
}

interface Faulty {
  readonly read?: undefined;
  readonly faults: readonly PolicyFault[];
}

interface ReadFile {
  readonly policies: readonly PlacedPolicy[];
  readonly faults: readonly PolicyFault[];
}

function faulty(...faults: readonly PolicyFault[]): ReadFile {
  return { policies: [], faults };
}

function readFile({ path, text: file }: ReleaseText['policies'][number], limits: ReleaseLimits) {
  const layer = layerOfPath(path);
  if (layer === undefined) {
    const text = `The folder is none of ${policyLayers.join(', ')}.`;
    return faulty(faultAtStart(path, 'policy.no-layer', text));
  }
  try {
    return parseFile({ path, file, layer }, limits);
  } catch (error) {
    if (!(error instanceof CedarSyntaxError)) throw error;
    const { line, column } = error;
    const text = error.message.replace(/ \(line \d+, column \d+\)$/, '');
    return faulty({ code: 'policy.syntax', path, line, column, text });
  }
}

function parseFile(
  { path, file, layer }: Pick<PlacedPolicy, 'path' | 'file' | 'layer'>,
  limits: ReleaseLimits,
): ReadFile {
  const policies: PlacedPolicy[] = [];
  const faults: PolicyFault[] = [];
  for (const { policy, isTemplate, span, line, column } of parsePolicies(file)) {
    const fault = (code: string, text: string) => faults.push({ code, path, line, column, text });
    const { id = '', reason = '' } = policy.annotations;
    if (isTemplate) fault('policy.template', 'A template is no policy.');
    if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)+$/.test(id)) {
      fault('policy.no-id', 'A policy has no @id of the form layer.what-it-says.');
    }
    if (!reason.endsWith('.')) {
      fault('policy.no-reason', 'A policy has no @reason that is a sentence.');
    }
    const cedar = file.slice(span.start, span.end);
    const placed = { id, reason, layer, policy, path, file, offset: span.start, cedar };
    faults.push(...findHostilePattern(placed, limits));
    policies.push(placed);
  }
  return { policies, faults };
}

/** A pattern of many stars costs time at every decision, and says nothing that a set would not. */
function findHostilePattern(
  { path, file, offset, cedar }: PlacedPolicy,
  { patternStarsMax }: ReleaseLimits,
): PolicyFault[] {
  // Few policies have any; to look for the word alone is quick.
  if (!cedar.includes('like')) return [];
  for (const match of cedar.matchAll(/\blike\s*"((?:[^"\\]|\\.)*)"/g)) {
    const stars = match[1]?.replaceAll(/\\./g, '').split('*').length ?? 0;
    if (stars - 1 <= patternStarsMax) continue;
    const text = `A pattern has more than ${patternStarsMax} stars.`;
    return [
      { code: 'policy.hostile-pattern', path, ...positionAt(file, offset + match.index), text },
    ];
  }
  return [];
}

/** What shows only when all files are seen together. */
function findWholeFaults(
  policies: readonly PlacedPolicy[],
  { policiesMaxCount }: ReleaseLimits,
): PolicyFault[] {
  if (policies.length === 0) {
    return [faultAtStart('', 'policy.none', 'There is no policy at all.')];
  }
  if (policies.length > policiesMaxCount) {
    const text = `There are more than ${policiesMaxCount} policies.`;
    return [faultAtStart('', 'release.too-large', text)];
  }
  const seen = new Set<string>();
  const faults: PolicyFault[] = [];
  for (const { id, path, file, offset } of policies) {
    if (seen.has(id)) {
      const text = `The id ${id} stands twice.`;
      faults.push({ code: 'policy.duplicate-id', path, ...positionAt(file, offset), text });
    }
    seen.add(id);
  }
  return faults;
}

function tooLarge(path: string, { fileMaxChars }: ReleaseLimits): PolicyFault {
  const text = `The file has more than ${fileMaxChars} characters.`;
  return faultAtStart(path, 'release.too-large', text);
}
