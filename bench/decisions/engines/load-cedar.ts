import { schemaToJsonWithResolvedTypes, validate } from '@cedar-policy/cedar-wasm/nodejs';
import {
  checkScope,
  createAuthorizer,
  EntityUid,
  generateConverter,
  parsePolicies,
  readSchema,
  type Authorizer,
  type Policy,
  type Request,
  type Schema,
} from '@proofline/cedar';
import { inspectRelease, type ReleaseText } from '@proofline/policy';
import { asCedar, cedarSchema } from '../as-cedar.ts';
import type { CedarInput, JsonUid } from '../cedar-input.ts';
import type { Rule } from '../workload.ts';
import { timed, type Step } from './contestant.ts';

/** A schema and policies, ready. */
export interface LoadedCedar {
  readonly schema: Schema;
  readonly authorizer: Authorizer;
}

/** Rules → text → ready. The schema's text is still read by cedar-wasm; the policies are not. */
export function loadCedar(rules: readonly Rule[], steps: Step[] = []): LoadedCedar {
  const text = rules.map(asCedar).join('');
  const schema = timed(steps, 'schema', () => {
    const answer = schemaToJsonWithResolvedTypes(cedarSchema);
    if (answer.type === 'failure') throw new Error('the schema could not be read');
    return readSchema(answer.json);
  });
  const policies = timed(steps, 'parse', () => byId(text));
  const authorizer = timed(steps, 'compile', () => createAuthorizer(policies));
  return { schema, authorizer };
}

function byId(text: string): Map<string, Policy> {
  return new Map(parsePolicies(text).map(({ policy }) => [policy.annotations['id'] ?? '', policy]));
}

/** A request from JSON: its scope and its context checked by the schema. */
export function readRequest(
  schema: Schema,
  { principal, action, resource, context }: Omit<CedarInput, 'entities'>,
): Request {
  const scope = { principal: uid(principal), action: uid(action), resource: uid(resource) };
  const { context: type } = checkScope(schema, scope);
  return { ...scope, context: generateConverter(type)(context, ['context']) };
}

function uid({ type, id }: JsonUid): EntityUid {
  return new EntityUid(type, id);
}

/** The rules as the product is handed policies: a file for each tenant. */
export function releaseTextOf(rules: readonly Rule[]): ReleaseText {
  const byTenant = Map.groupBy(rules, ({ tenant }) => tenant);
  const policies = Array.from(byTenant, ([tenant, own]) => ({
    path: `roles/${tenant}.cedar`,
    text: own.map((rule) => `@reason("Because.")\n${asCedar(rule)}`).join(''),
  }));
  return { schema: cedarSchema, policies };
}

/** From texts to decisions as a start has it: read, validated strictly, named by a digest, compiled. */
export function releaseRules(rules: readonly Rule[]): Step[] {
  const text = releaseTextOf(rules);
  const steps: Step[] = [];
  const { faults } = timed(steps, 'release', () => inspectRelease(text));
  if (faults.length > 0) throw new Error('the policies of the workload cannot be released');
  return steps;
}

/** cedar-wasm's strict validation of the policies: at authoring time, so apart. */
export function validateWithWasm(rules: readonly Rule[]): Step[] {
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, asCedar(rule)]));
  const steps: Step[] = [];
  const answer = timed(steps, 'validate', () =>
    validate({
      schema: cedarSchema,
      policies: { staticPolicies },
      validationSettings: { mode: 'strict' },
    }),
  );
  if (answer.type === 'failure' || answer.validationErrors.length > 0) {
    throw new Error('the policies of the workload are not valid');
  }
  return steps;
}
