import type { Json, JsonObject } from '@proofline/kernel';
import type { Question } from '@proofline/policy';
import type { ScalarType, SymbolicRecord, SymbolicValue } from './encode/symbolic-value.ts';
import type { World } from './encode/world.ts';
import { shortName } from '@proofline/policy';
import {
  readBits,
  readBoolean,
  readElements,
  readValues,
  UnreadableModel,
  type Sexp,
} from './smt/read-model.ts';
import type { Script } from './smt/script.ts';
import type { Solver } from './smt/solver.ts';
import type { Term } from './smt/term.ts';

/** Reads the question that the solver found possible. Throws `UnreadableModel`. */
export function decodeQuestion(solver: Solver, world: World): Question {
  const { script } = world;
  const terms = [...new Set(termsIn(world))];
  const values = readValues(solver.valuesOf(terms.map((term) => script.render(term))));
  const known = new Map(terms.map((term, at) => [term, values[at]]));
  const valueOf = (term: Term): Sexp => {
    const value = known.get(term);
    if (value === undefined) throw new UnreadableModel('a term was not asked for');
    return value;
  };
  const { principal, action, resource, context } = world;
  return {
    principal: {
      type: shortName(principal.entityType),
      id: script.readText(valueOf(principal.term)),
    },
    action: script.readText(valueOf(action.term)),
    resource: { type: shortName(resource.entityType), id: script.readText(valueOf(resource.term)) },
    context: decodeRecord(context, { valueOf, script }),
  };
}

/** What the solver found, and the script that it was told. */
interface Model {
  readonly valueOf: (term: Term) => Sexp;
  readonly script: Script;
}

function termsIn({ principal, action, resource, context }: World): Term[] {
  return [principal.term, action.term, resource.term, ...termsOf(context)];
}

/** Every term that stands for something open in a value. */
export function termsOf(value: SymbolicValue): Term[] {
  if (value.kind === 'ipaddr') return [value.isVersion6, value.bits, value.prefix];
  if (value.kind === 'opaque') return [];
  if (value.kind === 'listed') return value.elements.flatMap(termsOf);
  if (value.kind !== 'record') return [value.term];
  return [...value.members.values()].flatMap(({ isPresent, value: of }) => [
    isPresent,
    ...termsOf(of),
  ]);
}

function decodeRecord(record: SymbolicRecord, model: Model): JsonObject {
  return Object.fromEntries(
    [...record.members].flatMap(([name, { isPresent, value }]) =>
      readBoolean(model.valueOf(isPresent)) ? [[name, decodeValue(value, model)]] : [],
    ),
  );
}

function decodeValue(value: SymbolicValue, model: Model): Json {
  if (value.kind === 'record') return decodeRecord(value, model);
  // Nothing looks at it, so any will do.
  if (value.kind === 'opaque') return [];
  if (value.kind === 'listed') return value.elements.map((one) => decodeValue(one, model));
  if (value.kind === 'set-of') {
    return readElements(model.valueOf(value.term)).map((one) =>
      decodeScalar(value.element, one, model),
    );
  }
  if (value.kind !== 'ipaddr') return decodeScalar(value, model.valueOf(value.term), model);
  return decodeAddress(
    readBoolean(model.valueOf(value.isVersion6)),
    readBits(model.valueOf(value.bits)),
    readBits(model.valueOf(value.prefix)),
  );
}

function decodeScalar(type: ScalarType, value: Sexp, { script }: Model): Json {
  if (type.kind === 'boolean') return readBoolean(value);
  if (type.kind === 'string') return script.readText(value);
  if (type.kind === 'entity') return { type: type.entityType, id: script.readText(value) };
  const number = BigInt.asIntN(64, readBits(value));
  if (type.kind === 'decimal') return decimalText(number);
  if (type.kind === 'duration') return `${number}ms`;
  if (type.kind === 'datetime') {
    return { fn: 'offset', args: ['1970-01-01', `${number}ms`] };
  }
  const narrow = Number(number);
  // The one form in which JSON carries a number that JavaScript would round.
  if (!Number.isSafeInteger(narrow)) {
    const duration = { __extn: { fn: 'duration', arg: `${number}ms` } };
    return { __extn: { fn: 'toMilliseconds', args: [duration] } };
  }
  return narrow;
}

function decimalText(scaled: bigint): string {
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(5, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function decodeAddress(isVersion6: boolean, bits: bigint, prefix: bigint): string {
  const width = isVersion6 ? 16n : 8n;
  const groups = Array.from({ length: isVersion6 ? 8 : 4 }, (_, at) => {
    const behind = 128n - width * BigInt(at + 1);
    return Number((bits >> behind) & ((1n << width) - 1n));
  });
  const address = isVersion6
    ? groups.map((group) => group.toString(16)).join(':')
    : groups.join('.');
  return `${address}/${prefix}`;
}
