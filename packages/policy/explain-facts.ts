import type { Json, JsonObject } from '@proofline/kernel';
import type { FactInWords } from '@proofline/protocol';
import { defaultedFacts, withDefaults } from './cautious-defaults.ts';
import { absenceSentence, factSentence } from './fact-words.ts';
import type { PoliciesAtWork } from './policies-at-work.ts';
import type { Policy, PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/** What of a set is needed to say on which facts a decision rested. */
export type ExplainingSet = Pick<PolicySet, 'policies' | 'defaults'>;

/**
 * The facts of a question in sentences, those first that the policies at work name. A fact that a
 * determining one names and that was not there is said too; a signal that took its default is said to have.
 */
export function explainFacts(
  { policies, defaults }: ExplainingSet,
  question: Question,
  { determining, guards }: PoliciesAtWork,
): FactInWords[] {
  const known = [...leavesOf(withDefaults(defaults, question).context)];
  const defaulted = new Set(defaultedFacts(defaults, question));
  const namedBy = (ids: readonly string[]) => {
    const found = ids.map((id) => policies.get(id)).filter((policy) => policy !== undefined);
    return new Set(found.flatMap(namesIn));
  };
  const named = namedBy(determining);
  // A guard may name what was not needed: an approval, where the amount was small.
  const guarding = namedBy(guards);
  const present: FactInWords[] = known.map(([path, value]) => {
    const isAge = path.endsWith('AgeSeconds') || path.endsWith('.ageSeconds');
    return {
      path,
      says: defaulted.has(path)
        ? `Nobody reported ${path}, so it counted as ${JSON.stringify(value)}, its cautious default.`
        : factSentence(path, value),
      isDecisive: named.has(path) || guarding.has(path),
      isDefaulted: defaulted.has(path),
      ...(isAge && typeof value === 'number' && { ageSeconds: value }),
    };
  });
  const absent: FactInWords[] = [...named]
    .filter((path) => known.every(([name]) => name !== path && !name.startsWith(`${path}.`)))
    // A record that is missing is said once, not member by member.
    .filter(
      (path) => ![...named].some((other) => path.startsWith(`${other}.`) && isAbsent(known, other)),
    )
    .map((path) => ({
      path,
      says: absenceSentence(path),
      isDecisive: true,
      isDefaulted: false,
    }));
  return [...absent, ...present].toSorted(
    (a, b) => Number(b.isDecisive) - Number(a.isDecisive) || (a.path < b.path ? -1 : 1),
  );
}

type Leaf = readonly [path: string, value: Json];

function isAbsent(known: readonly Leaf[], path: string): boolean {
  return known.every(([name]) => name !== path && !name.startsWith(`${path}.`));
}

function* leavesOf(record: JsonObject, path = ''): Generator<Leaf> {
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    // Of JSON's objects only lists and null are no records.
    if (isRecord) yield* leavesOf(value as JsonObject, `${path}${name}.`);
    else yield [path + name, value];
  }
}

/** `context.proof.ageSeconds`, `context.session has phrAgeSeconds`, `context has proof`. */
const NAMED = /\bcontext(?:\.(\w+)|\s+has\s+(\w+))(?:\.(\w+)|\s+has\s+(\w+))?/g;

/** An id such as `context.call-live` names no fact. */
const ANNOTATION = /@\w+\s*\(\s*"(?:[^"\\]|\\.)*"\s*\)/g;

function namesIn({ cedar }: Policy): string[] {
  const paths = [...cedar.replaceAll(ANNOTATION, '').matchAll(NAMED)].map(
    ([, dotted, had, inner, hadInner]) =>
      [dotted ?? had, inner ?? hadInner].filter((name) => name !== undefined).join('.'),
  );
  if (/::Role::/.test(cedar)) paths.push('staff.roles');
  if (/::ServiceRole::/.test(cedar)) paths.push('service.role');
  return paths;
}
