import {
  actionEntities,
  CedarInputError,
  checkScope,
  createAuthorizer,
  createEntityStore,
  EntityUid,
  generateConverter,
  type ActionType,
  type Authorizer,
  type CedarRecord,
  type EntityStore,
  type Request,
  type Schema,
  type Value,
} from '@proofline/cedar';
import type {
  CompiledPolicies,
  EngineRelease,
  Evaluation,
  FactsChange,
  PolicyEngine,
  Supposition,
} from './engine.ts';
import { createPrincipalStore } from './principal-store.ts';
import { groupsOf, NAMESPACE, type EntityRef, type Question } from './question.ts';

/** Our own engine: policies as JavaScript, sliced by action, types and roles. */
export const compiledEngine = {
  compile({ read: { schema, policies } }: Pick<EngineRelease, 'read'>): CompiledPolicies {
    const authorizer = createAuthorizer(policies);
    const actions = createEntityStore(actionEntities(schema));
    const ask = (question: Question) => readQuestion({ schema, actions }, question);
    return {
      evaluate(question) {
        const asked = ask(question);
        return asked === undefined ? invalid : answerOf(authorizer, asked);
      },
      suppose(question) {
        const asked = ask(question);
        return asked && supposition(authorizer, asked);
      },
    };
  },
} satisfies PolicyEngine;

/** A question as the engine takes it. */
interface Asked {
  readonly request: Request;
  readonly entities: EntityStore;
  /** What the schema declares of the context. */
  readonly type: ActionType['context'];
}

const invalid: Evaluation = { kind: 'invalid' };

/** `undefined` where the schema does not allow the question. */
function readQuestion(
  { schema, actions }: { readonly schema: Schema; readonly actions: EntityStore },
  question: Question,
): Asked | undefined {
  const principal = uidOf(question.principal);
  const scope = {
    principal,
    action: uidOf({ type: 'Action', id: question.action }),
    resource: uidOf(question.resource),
  };
  return unlessRefused(() => {
    const { context: type } = checkScope(schema, scope);
    const context = generateConverter(type)(question.context, ['context']);
    const entities = createPrincipalStore(principal, groupsOf(question).map(uidOf), actions);
    return { request: { ...scope, context }, entities, type };
  });
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CedarInputError) return undefined;
    throw error;
  }
}

function answerOf(authorizer: Authorizer, { request, entities }: Asked): Evaluation {
  const answer = authorizer.authorize(request, entities);
  return {
    kind: 'evaluated',
    allowed: answer.decision === 'allow',
    determining: answer.determining,
    erring: answer.errors.length === 0 ? none : answer.errors.map(({ policy }) => policy),
  };
}

const none: readonly string[] = Object.freeze([]);

/**
 * Each change is read once, however often it is supposed, and stands in the question's own context
 * while it is: a copy would be an object of another shape, which policies read slowly.
 */
function supposition(authorizer: Authorizer, asked: Asked): Supposition {
  const read = new Map<FactsChange, CedarRecord | 'refused'>();
  // It was made for this question, and nobody else has it.
  const context = asked.request.context as Record<string, Value | undefined>;
  const valueOf = (change: FactsChange): CedarRecord | 'refused' => {
    let value = read.get(change);
    if (value === undefined) {
      value = readChange(asked.type, change) ?? 'refused';
      read.set(change, value);
    }
    return value;
  };
  const whileChanged = <T>(changes: readonly FactsChange[], answer: () => T): T | undefined => {
    const before: (Value | undefined)[] = [];
    let result: T | undefined;
    for (const change of changes) {
      const value = valueOf(change);
      if (value === 'refused') break;
      before.push(context[change.name]);
      context[change.name] = value;
    }
    if (before.length === changes.length) result = answer();
    for (let at = before.length - 1; at >= 0; at -= 1) {
      const change = changes[at];
      if (change !== undefined) context[change.name] = before[at];
    }
    return result;
  };
  const gathered = authorizer.gather(asked.request, asked.entities);
  const permit = () => gathered.permit();
  const evaluate = () => answerOf(authorizer, asked);
  return {
    evaluate: (changes) => whileChanged(changes, evaluate) ?? invalid,
    permits: (changes) => whileChanged(changes, permit) ?? false,
    settle: (mayChange) => gathered.settle(mayChange),
  };
}

/** `undefined` where the schema has no such member, or another there. */
function readChange(
  { attributes }: Asked['type'],
  { name, facts }: FactsChange,
): CedarRecord | undefined {
  const type = attributes.find((one) => one.name === name)?.type;
  if (type?.kind !== 'record') return undefined;
  return unlessRefused(() => generateConverter(type)(facts, ['context', name]));
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
