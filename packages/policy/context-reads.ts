import { findAction, scopeFits, type Expression, type Policy } from '@proofline/cedar';
import { uidOf } from './compiled-engine.ts';
import type { Question } from './question.ts';
import type { ReadSource } from './read-source.ts';

/** What the policies that a question can meet ask about its context. */
export interface ContextReads {
  /** Whether an answer may be another where this member (`session`) is there, or is not. */
  has(member: string): boolean;
  /** Whether an answer may be another where this fact of a member (`session`, `live`) is. */
  hasFact(member: string, fact: string): boolean;
  /**
   * The numbers that a fact is compared with, each with its predecessor (a strict `<` admits one
   * less), descending. A remedy's freshness is searched among these, so a policy is the only place
   * that states it.
   */
  boundsOf(member: string, fact: string): readonly number[];
}

const known = new WeakMap<ReadSource, Map<string, ContextReads>>();

/** Made once for each action and types; the question must be one that the schema allows. */
export function contextReads(read: ReadSource, question: Question): ContextReads {
  let ofSource = known.get(read);
  if (ofSource === undefined) known.set(read, (ofSource = new Map<string, ContextReads>()));
  const key = `${question.action} ${question.principal.type} ${question.resource.type}`;
  let reads = ofSource.get(key);
  if (reads === undefined) ofSource.set(key, (reads = readsOf(policiesFor(read, question))));
  return reads;
}

const knownOfOne = new WeakMap<Policy, ContextReads>();

/** What one policy asks about. */
export function contextReadsOf(policy: Policy): ContextReads {
  let reads = knownOfOne.get(policy);
  if (reads === undefined) knownOfOne.set(policy, (reads = readsOf([policy])));
  return reads;
}

function policiesFor({ schema, policies }: ReadSource, question: Question): Policy[] {
  const action = uidOf({ type: 'Action', id: question.action });
  const groups = findAction(schema, action)?.ancestors ?? [];
  const about = {
    principal: uidOf(question.principal),
    action,
    resource: uidOf(question.resource),
    isActionIn: (group: { readonly type: string; readonly id: string }) =>
      groups.some(({ type, id }) => type === group.type && id === group.id),
  };
  return [...policies.values()].filter((policy) => scopeFits(policy, about));
}

function readsOf(policies: readonly Policy[]): ContextReads {
  const found: Found = { members: new Map(), isWhole: false };
  for (const { conditions } of policies) {
    for (const { body } of conditions) collect(body, found);
  }
  const { members, isWhole } = found;
  for (const facts of members.values()) {
    for (const [fact, bounds] of facts.bounds) {
      facts.bounds.set(fact, new Set([...bounds].toSorted((a, b) => b - a)));
    }
  }
  return {
    has: (member) => isWhole || members.has(member),
    hasFact: (member, fact) => {
      const facts = members.get(member);
      return isWhole || (facts !== undefined && (facts.isWhole || facts.bounds.has(fact)));
    },
    boundsOf: (member, fact) => [...(members.get(member)?.bounds.get(fact) ?? [])],
  };
}

interface Found {
  readonly members: Map<string, Facts>;
  /** Taken as a value, so that all of it counts. */
  isWhole: boolean;
}

interface Facts {
  /** What is asked about, with the numbers that it is compared with. */
  readonly bounds: Map<string, Set<number>>;
  isWhole: boolean;
}

function collect(one: Expression, found: Found): void {
  const read = pathOf(one);
  if (read !== undefined) {
    note(read, found);
    return;
  }
  if (one.kind === 'has') {
    const path = pathOf(one.of);
    // To ask whether there is a member is not to look into it.
    if (path !== undefined) {
      note([...path, ...one.path], found, { onlyPresence: true });
      return;
    }
  }
  if (one.kind === 'binary') noteBound(one, found);
  for (const child of childrenOf(one)) collect(child, found);
}

/** Keeps a path; gives the bounds of the fact that it leads to, or into. */
function note(
  [member, fact]: readonly string[],
  found: Found,
  { onlyPresence = false } = {},
): Set<number> | undefined {
  if (member === undefined) {
    found.isWhole = true;
    return undefined;
  }
  const facts = found.members.get(member) ?? {
    bounds: new Map<string, Set<number>>(),
    isWhole: false,
  };
  found.members.set(member, facts);
  if (fact === undefined) {
    facts.isWhole ||= !onlyPresence;
    return undefined;
  }
  const bounds = facts.bounds.get(fact) ?? new Set<number>();
  facts.bounds.set(fact, bounds);
  return bounds;
}

function noteBound({ left, right }: Of<'binary'>, found: Found): void {
  const path = pathOf(left) ?? pathOf(right);
  const bound = numberOf(left) ?? numberOf(right);
  if (path === undefined || bound === undefined) return;
  const bounds = note(path, found);
  for (const number of [bound, bound - 1]) if (number >= 0) bounds?.add(number);
}

function numberOf(one: Expression): number | undefined {
  return one.kind === 'literal' && typeof one.value === 'number' ? one.value : undefined;
}

/** `context.session.live` → `['session', 'live']`; `context` itself is the empty path. */
function pathOf(one: Expression): readonly string[] | undefined {
  if (one.kind === 'variable') return one.name === 'context' ? [] : undefined;
  if (one.kind !== 'attribute') return undefined;
  const path = pathOf(one.of);
  return path && [...path, one.name];
}

type Of<K extends Expression['kind']> = Expression & { readonly kind: K };

type Children = { readonly [K in Expression['kind']]: (one: Of<K>) => readonly Expression[] };

const none = (): readonly Expression[] => [];
const operand = (one: { readonly operand: Expression }) => [one.operand];
const sides = (one: { readonly left: Expression; readonly right: Expression }) => [
  one.left,
  one.right,
];
const base = (one: { readonly of: Expression }) => [one.of];

const children: Children = {
  literal: none,
  variable: none,
  slot: none,
  not: operand,
  negate: operand,
  'is-empty': operand,
  and: sides,
  or: sides,
  binary: sides,
  if: ({ condition, then, otherwise }) => [condition, then, otherwise],
  attribute: base,
  has: base,
  like: base,
  is: ({ of, in: above }) => (above === undefined ? [of] : [of, above]),
  set: ({ elements }) => elements,
  record: ({ members }) => members.map(([, member]) => member),
  call: ({ arguments: given }) => given,
};

function childrenOf(one: Expression): readonly Expression[] {
  // The table has an entry of exactly this kind; TypeScript cannot correlate the two.
  const of = children[one.kind] as (expression: Expression) => readonly Expression[];
  return of(one);
}
