import {
  CedarSet,
  EntityUid,
  findAction,
  generateConverter,
  type CedarRecord,
  type Value,
} from '@proofline/cedar';
import type { Question } from '@proofline/policy';
import { setSortOf, type SymbolicRecord, type SymbolicValue } from '../encode/symbolic-value.ts';
import type { World } from '../encode/world.ts';
import { and, bits, FALSE, not, same, text, TRUE, type Term } from '../smt/term.ts';

/** That a symbolic request is exactly this question, whose context the engine’s own reader reads. */
export function isQuestion(world: World, question: Question): Term {
  const action = findAction(world.schema, new EntityUid('Proofline::Action', question.action))!;
  const context = generateConverter(action.context)(question.context, ['context']);
  return and(
    same(world.principal.term, text(question.principal.id)),
    same(world.resource.term, text(question.resource.id)),
    isRecord(world.context, context),
  );
}

function isRecord(symbolic: SymbolicRecord, record: CedarRecord): Term {
  return and(
    ...Array.from(symbolic.members, ([name, { isPresent, value }]) => {
      const given = Object.hasOwn(record, name) ? record[name] : undefined;
      return given === undefined ? not(isPresent) : and(isPresent, isValue(value, given));
    }),
  );
}

function isValue(symbolic: SymbolicValue, value: Value): Term {
  // The converter read the value by the type that the symbolic one was declared with.
  if (symbolic.kind === 'record') return isRecord(symbolic, value as CedarRecord);
  if (symbolic.kind === 'set-of') {
    if (!(value instanceof CedarSet)) return FALSE;
    const { element, term } = symbolic;
    const none = `((as const ${setSortOf(element)}) false)`;
    return same(
      term,
      value.elements.reduce<Term>((all, one) => `(store ${all} ${termOf(one)} true)`, none),
    );
  }
  if (symbolic.kind === 'opaque') return TRUE;
  if (symbolic.kind === 'listed') return FALSE;
  if (symbolic.kind !== 'ipaddr') return same(symbolic.term, termOf(value));
  const [, version, prefix, parts = ''] = keyOf(value).split(' ');
  const width = version === '4' ? 8n : 16n;
  const groups = parts.split('.').map(BigInt);
  const whole = groups.reduce((sum, group) => (sum << width) | group, 0n);
  return and(
    version === '6' ? symbolic.isVersion6 : not(symbolic.isVersion6),
    same(symbolic.prefix, bits(Number(prefix), 8)),
    same(symbolic.bits, bits(version === '4' ? whole << 96n : whole, 128)),
  );
}

function termOf(value: Value): Term {
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' || typeof value === 'bigint') return bits(value);
  if (value instanceof EntityUid) return text(value.id);
  return bits(BigInt(keyOf(value).split(' ')[1] ?? 0));
}

/** Every extension value says what it is. */
function keyOf(value: Value): string {
  return (value as { key(): string }).key();
}
