import {
  policySetTextToParts,
  schemaToJson,
  validate,
  type DetailedError,
} from '@cedar-policy/cedar-wasm/nodejs';
import { CedarSyntaxError, parsePolicies } from '@proofline/cedar';
import type { PolicyFault } from '@proofline/protocol';
import { compileRelease, PolicyReleaseError, type ReleaseText } from './compile-release.ts';
import { findDefaultPlace } from './find-default-place.ts';
import { layerOfPath, policyLayers } from './layers.ts';
import { readDefaults } from './read-defaults.ts';
import type { PolicySet } from './policy-set.ts';

/** Bounds on what is looked at at all: what is larger is refused unread. */
export const releaseLimits = {
  fileMaxChars: 256 * 1024,
  policiesMaxCount: 5_000,
  patternStarsMax: 8,
} as const;

const SCHEMA_PATH = 'schema.cedarschema';

/** A release that may be, or every fault that keeps it from being one. */
export type ReleaseFindings =
  | { readonly set: PolicySet; readonly faults: readonly [] }
  | { readonly set?: undefined; readonly faults: readonly PolicyFault[] };

/**
 * Compiles a set of policies, or lists all that is wrong with it, with file, line and column. Never
 * throws for the content of a text. The codes are stable.
 */
export function inspectRelease(release: ReleaseText): ReleaseFindings {
  const faults = [...findSchemaFaults(release.schema), ...release.policies.flatMap(findFileFaults)];
  if (faults.length === 0) faults.push(...findWholeFaults(release));
  if (faults.length > 0) return { faults };
  try {
    return { set: compileRelease(release), faults: [] };
  } catch (error) {
    if (!(error instanceof PolicyReleaseError)) throw error;
    return {
      faults: error.problems.map((text) => ({ ...start(''), code: 'policy.refused', text })),
    };
  }
}

function findSchemaFaults(text: string): PolicyFault[] {
  if (text.length > releaseLimits.fileMaxChars) return [tooLarge(SCHEMA_PATH)];
  const answer = schemaToJson(text);
  const errors = answer.type === 'failure' ? answer.errors : answer.warnings;
  const place = { path: SCHEMA_PATH, text, code: 'schema.syntax' };
  if (errors.length > 0) return errors.map((error) => faultOf(place, error));
  return readDefaults(text).faults.map(({ code, text: words, attribute }) => {
    const at = positionAt(text, findDefaultPlace(text, attribute));
    return { code, path: SCHEMA_PATH, ...at, text: words };
  });
}

/** What one file says wrong by itself. */
function findFileFaults({ path, text }: ReleaseText['policies'][number]): PolicyFault[] {
  if (text.length > releaseLimits.fileMaxChars) return [tooLarge(path)];
  if (layerOfPath(path) === undefined) {
    const layers = policyLayers.join(', ');
    return [{ ...start(path), code: 'policy.no-layer', text: `The folder is none of ${layers}.` }];
  }
  try {
    const parsed = parsePolicies(text);
    const parts = policySetTextToParts(text);
    if (parts.type === 'failure') {
      return parts.errors.map((error) => faultOf({ path, text, code: 'policy.syntax' }, error));
    }
    return parsed.flatMap(({ policy, isTemplate, span, line, column }) => {
      const fault = (code: string, words: string) => ({ code, path, line, column, text: words });
      const { id = '', reason = '' } = policy.annotations;
      const found: PolicyFault[] = [];
      if (isTemplate) found.push(fault('policy.template', 'A template is no policy.'));
      if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)+$/.test(id)) {
        found.push(fault('policy.no-id', 'A policy has no @id of the form layer.what-it-says.'));
      }
      if (!reason.endsWith('.')) {
        found.push(fault('policy.no-reason', 'A policy has no @reason that is a sentence.'));
      }
      const hostile = findHostilePattern(text, span);
      if (hostile !== undefined) found.push({ path, ...hostile });
      return found;
    });
  } catch (error) {
    if (!(error instanceof CedarSyntaxError)) throw error;
    const { line, column } = error;
    const words = error.message.replace(/ \(line \d+, column \d+\)$/, '');
    return [{ code: 'policy.syntax', path, line, column, text: words }];
  }
}

/** A pattern of many stars costs time at every decision, and says nothing that a set would not. */
function findHostilePattern(
  text: string,
  { start: from, end }: { readonly start: number; readonly end: number },
): Omit<PolicyFault, 'path'> | undefined {
  for (const match of text.slice(from, end).matchAll(/\blike\s*"((?:[^"\\]|\\.)*)"/g)) {
    const stars = match[1]?.replaceAll(/\\./g, '').split('*').length ?? 0;
    if (stars - 1 <= releaseLimits.patternStarsMax) continue;
    const words = `A pattern has more than ${releaseLimits.patternStarsMax} stars.`;
    return { code: 'policy.hostile-pattern', ...positionAt(text, from + match.index), text: words };
  }
  return undefined;
}

interface Placed {
  readonly id: string;
  readonly path: string;
  /** The whole file, and where in it the policy begins. */
  readonly file: string;
  readonly offset: number;
  readonly cedar: string;
}

/** What shows only when all files are seen together: ids, and the strict validator. */
function findWholeFaults({ schema, policies }: ReleaseText): PolicyFault[] {
  const placed = policies.flatMap(({ path, text: file }) =>
    parsePolicies(file).map(({ policy, span }): Placed => ({
      id: policy.annotations['id'] ?? '',
      path,
      file,
      offset: span.start,
      cedar: file.slice(span.start, span.end),
    })),
  );
  if (placed.length === 0) {
    return [{ ...start(''), code: 'policy.none', text: 'There is no policy at all.' }];
  }
  if (placed.length > releaseLimits.policiesMaxCount) {
    const text = `There are more than ${releaseLimits.policiesMaxCount} policies.`;
    return [{ ...start(''), code: 'release.too-large', text }];
  }
  const byId = new Map<string, Placed>();
  const faults: PolicyFault[] = [];
  for (const one of placed) {
    if (byId.has(one.id)) {
      const at = positionAt(one.file, one.offset);
      const text = `The id ${one.id} stands twice.`;
      faults.push({ code: 'policy.duplicate-id', path: one.path, ...at, text });
    }
    byId.set(one.id, one);
  }
  return faults.length > 0 ? faults : validateStrictly(schema, byId);
}

function validateStrictly(schema: string, byId: ReadonlyMap<string, Placed>): PolicyFault[] {
  const staticPolicies = Object.fromEntries([...byId].map(([id, { cedar }]) => [id, cedar]));
  const answer = validate({
    schema,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') {
    return answer.errors.map(({ message }) => ({
      ...start(''),
      code: 'policy.invalid',
      text: message,
    }));
  }
  const about = [...answer.validationErrors, ...answer.validationWarnings].map(
    ({ policyId, error }) => {
      const of = byId.get(policyId);
      if (of === undefined) return { ...start(''), code: 'policy.invalid', text: error.message };
      const inside = error.sourceLocations?.[0]?.start ?? 0;
      const at = positionAt(of.file, of.offset + charsOf(of.cedar, inside));
      return { code: 'policy.invalid', path: of.path, ...at, text: sentenceOf(error) };
    },
  );
  const others = answer.otherWarnings.map((error) => ({
    ...start(SCHEMA_PATH),
    code: 'policy.invalid',
    text: sentenceOf(error),
  }));
  return [...about, ...others];
}

function faultOf(
  { path, text, code }: { readonly path: string; readonly text: string; readonly code: string },
  error: DetailedError,
): PolicyFault {
  const offset = charsOf(text, error.sourceLocations?.[0]?.start ?? 0);
  return { code, path, ...positionAt(text, offset), text: sentenceOf(error) };
}

function sentenceOf({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`;
}

function tooLarge(path: string): PolicyFault {
  const text = `The file has more than ${releaseLimits.fileMaxChars} characters.`;
  return { ...start(path), code: 'release.too-large', text };
}

function start(path: string): Pick<PolicyFault, 'path' | 'line' | 'column'> {
  return { path, line: 1, column: 1 };
}

/** cedar-wasm counts the bytes of UTF-8, editors count UTF-16. */
function charsOf(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length;
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
