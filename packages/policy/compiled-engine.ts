import {
  actionEntities,
  CedarInputError,
  createAuthorizer,
  createEntityStore,
  EntityUid,
  findAllowed,
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
  const type = findAllowed(schema, scope)?.context;
  if (type === undefined) return undefined;
  return unlessRefused(() => {
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

function supposition(authorizer: Authorizer, asked: Asked): Supposition {
  const put = changesOf(asked);
  const gathered = authorizer.gather(asked.request, asked.entities);
  return {
    evaluate: (changes) => (put(changes) ? answerOf(authorizer, asked) : invalid),
    permits: (changes) => put(changes) && gathered.permit(),
    settle: (mayChange) => put([]) && gathered.settle(mayChange),
  };
}

/** A member of the context that was changed: as it was, and what stands there now. */
interface Changed {
  readonly name: string;
  readonly original: Value | undefined;
  now: FactsChange | undefined;
}

/**
 * Puts changes, and no others, into the question's own context: a copy would be an object of another shape,
 * which policies read slowly. What already stands there is not written again, and each change is read once,
 * however often it is supposed. `false` where one is not what the schema declares.
 */
function changesOf({ request, type }: Asked): (changes: readonly FactsChange[]) => boolean {
  const read = new Map<FactsChange, CedarRecord | 'refused'>();
  // It was made for this question, and nobody else has it.
  const context = request.context as Record<string, Value | undefined>;
  const all: Changed[] = [];
  const memberOf = (name: string): Changed => {
    for (const one of all) if (one.name === name) return one;
    const added: Changed = { name, original: context[name], now: undefined };
    all.push(added);
    return added;
  };
  const valueOf = (change: FactsChange): CedarRecord | 'refused' => {
    let value = read.get(change);
    if (value === undefined) read.set(change, (value = readChange(type, change) ?? 'refused'));
    return value;
  };
  return (changes) => {
    for (const one of all) {
      if (one.now === undefined || changes.includes(one.now)) continue;
      context[one.name] = one.original;
      one.now = undefined;
    }
    for (const change of changes) {
      const member = memberOf(change.name);
      if (member.now === change) continue;
      const value = valueOf(change);
      if (value === 'refused') return false;
      context[change.name] = value;
      member.now = change;
    }
    return true;
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
