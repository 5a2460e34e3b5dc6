import type { Violation } from './claims.ts';
import type { SymbolicRecord, SymbolicValue } from './encode/symbolic-value.ts';
import { and, bits, not, same, text, TRUE, type Term } from './smt/term.ts';

/** No number of a person's example is larger. */
const LARGEST = 1_000_000;
/** As many wishes are tried at most. */
const WISHES_MAX = 60;

/**
 * What would make a counterexample plain, in the order in which it is wished for: ids that can be
 * told apart, no fact that does not matter, numbers of a usual size.
 */
export function plainWishes({ permitted, refused }: Violation): Term[] {
  const { principal, resource, context } = permitted;
  const ids = and(
    same(principal.term, text('somebody')),
    same(resource.term, text('something')),
    refused === undefined || refused.principal.term === principal.term
      ? TRUE
      : same(refused.principal.term, text('another')),
  );
  return [ids, ...absences(context), ...plainNumbers(context)].slice(0, WISHES_MAX);
}

/** First the facts, then what is inside of those that stay. */
function absences(record: SymbolicRecord): Term[] {
  const members = [...record.members.values()];
  return [
    ...members.flatMap(({ isPresent }) => (isPresent === TRUE ? [] : [not(isPresent)])),
    ...members.flatMap(({ value }) => (value.kind === 'record' ? absences(value) : [])),
  ].filter((term) => term !== TRUE);
}

function plainNumbers(value: SymbolicValue): Term[] {
  if (value.kind === 'record') {
    return [...value.members.values()].flatMap((member) => plainNumbers(member.value));
  }
  if (value.kind !== 'long') return [];
  return [and(`(bvsge ${value.term} ${bits(0)})`, `(bvsle ${value.term} ${bits(LARGEST)})`)];
}
