import * as wasm from '@cedar-policy/cedar-wasm/nodejs';
import { createAuthorizer } from '../authorize/authorizer.ts';
import { createEntityStore, type EntityData } from '../entities/create-entity-store.ts';
import { readEntities } from '../entities/read-entities.ts';
import { readEntityUid } from '../entities/read-entity-uid.ts';
import { CedarInputError } from '../input-error.ts';
import { linkTemplate } from '../policy/link-template.ts';
import type { Policy } from '../policy/policy.ts';
import { readPolicySetJson } from '../policy/read-policy-json.ts';
import { actionEntities } from '../schema/action-entities.ts';
import { checkScope } from '../schema/check-request.ts';
import { generateConverter } from '../schema/generate-converter.ts';
import { readSchema } from '../schema/read-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { hasBigInteger, schemaJson } from '../schema/testing/official-cases.ts';
import type { RequestJson } from '../schema/testing/verdicts.ts';
import { CedarSyntaxError } from '../text/cedar-syntax-error.ts';
import { parsePolicies } from '../text/parse-policies.ts';
import { isRecord, type CedarRecord } from '../values/value.ts';
import { readValue } from '../values/read-value.ts';
import type { Case } from './arbitrary-case.ts';

/** What an engine answers to a case, in a form in which two of them can be compared. */
export type Outcome =
  | { readonly refused: string }
  | {
      readonly decision: 'allow' | 'deny';
      readonly determining: readonly string[];
      /** `policy: kind of error` */
      readonly errors: readonly string[];
    };

/** What our engine answers. */
export function ourAnswer(one: Case): Outcome {
  try {
    const authorizer = createAuthorizer(readPolicies(one));
    const schema = one.schema === undefined ? undefined : schemaOf(one.schema);
    const store = createEntityStore(readStore(one.entities, schema));
    const request = readRequest(one.request, schema);
    const { decision, determining, errors } = authorizer.authorize(request, store);
    return {
      decision,
      determining: determining.toSorted(),
      errors: errors.map(({ policy, code }) => `${policy}: ${shared.get(code) ?? code}`).toSorted(),
    };
  } catch (error) {
    // Anything else is a crash, and fails the test.
    if (error instanceof CedarInputError || error instanceof CedarSyntaxError) {
      return { refused: `${error.code}: ${error.message}` };
    }
    throw error;
  }
}

const schemas = new Map<string, Schema>();

function schemaOf(text: string): Schema {
  const known = schemas.get(text);
  if (known !== undefined) return known;
  const schema = readSchema(schemaJson(text));
  schemas.set(text, schema);
  return schema;
}

function readStore(json: unknown, schema: Schema | undefined): readonly EntityData[] {
  if (schema === undefined) return readEntities(json);
  return [...readEntities(json, { schema }), ...actionEntities(schema)];
}

function readRequest(json: unknown, schema: Schema | undefined) {
  if (typeof json !== 'object' || json === null) throw new CedarInputError('malformed', 'request');
  const parts: Partial<RequestJson> = json;
  const scope = {
    principal: readEntityUid(parts.principal, ['principal']),
    action: readEntityUid(parts.action, ['action']),
    resource: readEntityUid(parts.resource, ['resource']),
  };
  if (schema === undefined) return { ...scope, context: readContext(parts.context) };
  const action = checkScope(schema, scope);
  return { ...scope, context: generateConverter(action.context)(parts.context, ['context']) };
}

function readContext(json: unknown): CedarRecord {
  const context = readValue(json, ['context']);
  if (isRecord(context)) return context;
  throw new CedarInputError('malformed', 'the context is a record', ['context']);
}

function readPolicies(one: Case): ReadonlyMap<string, Policy> {
  const json = one.asJson ? policySetJson(one) : undefined;
  if (json !== undefined) return readPolicySetJson(json).policies;
  const policies = new Map<string, Policy>();
  for (const [id, text] of Object.entries(one.policies)) policies.set(id, parse(text, false));
  const templates = new Map(
    Object.entries(one.templates).map(([id, text]) => [id, parse(text, true)]),
  );
  for (const { templateId, newId, values } of one.links) {
    const template = templates.get(templateId);
    if (template === undefined) throw new CedarInputError('undeclared', 'no such template');
    if (policies.has(newId)) throw new CedarInputError('duplicate', 'the same id twice');
    const uids = Object.entries(values).map(([slot, uid]) => [slot, readEntityUid(uid)]);
    policies.set(newId, linkTemplate(template, Object.fromEntries(uids) as object)); // Of slots.
  }
  return policies;
}

function parse(text: string, isTemplate: boolean): Policy {
  const [parsed] = parsePolicies(text);
  if (parsed?.isTemplate === isTemplate) return parsed.policy;
  throw new CedarInputError('malformed', 'a template stands where a policy should, or otherwise');
}

/** The JSON form that cedar-wasm makes; nothing where it refuses, or rounded an integer. */
function policySetJson({ policies, templates, links }: Case): unknown {
  const statics = Object.entries(policies).map(
    ([id, text]) => [id, wasm.policyToJson(text)] as const,
  );
  const others = Object.entries(templates).map(
    ([id, text]) => [id, wasm.templateToJson(text)] as const,
  );
  const parts = [statics, others].map((list) =>
    list.map(([id, answer]) => [id, answer.type === 'success' ? answer.json : undefined] as const),
  );
  if (parts.flat().some(([, json]) => json === undefined || hasBigInteger(json))) return undefined;
  const [staticPolicies, templateSet] = parts.map((list) => Object.fromEntries(list));
  return { staticPolicies, templates: templateSet, templateLinks: links };
}

/** What Cedar answers. */
export function cedarsAnswer({ policies, templates, links, ...one }: Case): Outcome {
  let answer: wasm.AuthorizationAnswer | wasm.CheckParseAnswer;
  try {
    answer = wasm.preparsePolicySet('fuzz', {
      staticPolicies: policies,
      templates,
      templateLinks: links,
    } as wasm.PolicySet); // Links as JSON: the types say what Cedar accepts, and it is asked for more.
    if (answer.type === 'success') {
      answer = wasm.statefulIsAuthorized({
        ...partsOf(one.request),
        entities: one.entities,
        preparsedPolicySetId: 'fuzz',
        ...(one.schema === undefined ? {} : preparsed(one.schema)),
      } as wasm.StatefulAuthorizationCall); // As above.
    }
  } catch (error) {
    // Its reader of calls throws what is none; a panic would be a `RuntimeError`.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { refused: String(error) };
  }
  if (answer.type === 'failure') {
    return { refused: answer.errors.map(({ message }) => message).join('; ') };
  }
  if (!('response' in answer)) throw new Error('Cedar did not decide');
  const { decision, diagnostics } = answer.response;
  return {
    decision,
    determining: diagnostics.reason.toSorted(),
    errors: diagnostics.errors
      .map(({ policyId, error }) => `${policyId}: ${kindOfError(error.message)}`)
      .toSorted(),
  };
}

/** Of a call, cedar-wasm allows no other members. */
function partsOf(request: unknown): object {
  const parts = new Set(['principal', 'action', 'resource', 'context']);
  const members = Object.entries(request as object); // Of nothing, this throws as Cedar does.
  return Object.fromEntries(members.filter(([name]) => parts.has(name)));
}

const preparsedSchemas = new Map<string, string>();

function preparsed(schema: string): { preparsedSchemaName: string; validateRequest: true } {
  let name = preparsedSchemas.get(schema);
  if (name === undefined) {
    name = `schema ${preparsedSchemas.size}`;
    preparsedSchemas.set(schema, name);
    const answer = wasm.preparseSchema(name, schema);
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  }
  return { preparsedSchemaName: name, validateRequest: true };
}

const kindsOfErrors: readonly (readonly [RegExp, string])[] = [
  [/type error: /u, 'type'],
  [/does not have the attribute/u, 'attribute-missing'],
  [/does not have the tag/u, 'tag-missing'],
  [/entity `.*` does not exist/su, 'entity-missing'],
  [/integer overflow/u, 'range'],
  [/wrong number of arguments/u, 'type'],
  [/error while evaluating `\w+` extension function/u, 'range'],
];

/** Cedar calls it an error of the extension too when a date does not fit. */
const shared: ReadonlyMap<string, string> = new Map([
  ['overflow', 'range'],
  ['extension', 'range'],
]);

function kindOfError(message: string): string {
  return kindsOfErrors.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}
