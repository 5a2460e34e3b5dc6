import { schemaToJsonWithResolvedTypes } from '@cedar-policy/cedar-wasm/nodejs';
import {
  actionEntities,
  CedarInputError,
  checkScope,
  createAuthorizer,
  createEntityStore,
  EntityUid,
  generateConverter,
  parsePolicies,
  readSchema,
  type Authorizer,
  type EntityStore,
  type Policy,
  type Schema,
} from '@proofline/cedar';
import type { CompiledPolicies, EngineSource, Evaluation, PolicyEngine } from './engine.ts';
import { createPrincipalStore } from './principal-store.ts';
import { groupsOf, NAMESPACE, type EntityRef, type Question } from './question.ts';

/** Our own engine: policies as JavaScript, sliced by action, types and roles. */
export const compiledEngine: PolicyEngine = {
  compile({ schema: text, policies }) {
    const parsed = Object.entries(policies).map(([id, cedar]) => [id, policyOf(cedar)] as const);
    return compiledOf(schemaOf(text), new Map(parsed));
  },
};

/** As many policies are read before others have their turn. */
const SLICE = 25;

/** The same as `compiledEngine.compile`, with `turn` awaited between slices of the work. */
export async function compileInSlices(
  { schema: text, policies }: EngineSource,
  turn: () => Promise<unknown>,
): Promise<CompiledPolicies> {
  const schema = schemaOf(text);
  const parsed = new Map<string, Policy>();
  for (const [id, cedar] of Object.entries(policies)) {
    if (parsed.size % SLICE === 0) await turn();
    parsed.set(id, policyOf(cedar));
  }
  await turn();
  return compiledOf(schema, parsed);
}

function compiledOf(schema: Schema, policies: ReadonlyMap<string, Policy>): CompiledPolicies {
  const authorizer = createAuthorizer(policies);
  const actions = createEntityStore(actionEntities(schema));
  return { evaluate: (question) => evaluate({ schema, authorizer, actions }, question) };
}

interface Compiled {
  readonly schema: Schema;
  readonly authorizer: Authorizer;
  readonly actions: EntityStore;
}

/** A schema that was validated before. */
export function schemaOf(text: string): Schema {
  const answer = schemaToJsonWithResolvedTypes(text);
  if (answer.type === 'failure') throw new Error('a validated schema could not be read');
  return readSchema(answer.json);
}

/** A policy that was validated before. */
export function policyOf(cedar: string): Policy {
  const [parsed] = parsePolicies(cedar);
  if (parsed === undefined) throw new Error('a validated policy could not be read');
  return parsed.policy;
}

function evaluate({ schema, authorizer, actions }: Compiled, question: Question): Evaluation {
  const principal = uidOf(question.principal);
  const scope = {
    principal,
    action: uidOf({ type: 'Action', id: question.action }),
    resource: uidOf(question.resource),
  };
  try {
    const { context: type } = checkScope(schema, scope);
    const context = generateConverter(type)(question.context, ['context']);
    const entities = createPrincipalStore(principal, groupsOf(question).map(uidOf), actions);
    const answer = authorizer.authorize({ ...scope, context }, entities);
    return {
      kind: 'evaluated',
      allowed: answer.decision === 'allow',
      determining: answer.determining,
      erring: answer.errors.map(({ policy }) => policy),
    };
  } catch (error) {
    if (error instanceof CedarInputError) return { kind: 'invalid' };
    throw error;
  }
}

/** Qualified names are made once: the types of a question are few. */
const qualified = new Map<string, string>();

/** What Cedar calls a thing of ours. */
export function uidOf({ type, id }: EntityRef): EntityUid {
  const known = qualified.get(type);
  if (known !== undefined) return new EntityUid(known, id);
  const name = `${NAMESPACE}::${type}`;
  // Whoever asks names the types, and must not fill the memory with them.
  if (qualified.size < 256) qualified.set(type, name);
  return new EntityUid(name, id);
}
