import type { CedarType, RecordType } from '@proofline/cedar';
import type { Script } from '../smt/script.ts';
import { and, bits, implies, not, or, same, text, TRUE, type Term } from '../smt/term.ts';
import {
  scalarTypeOf,
  setSortOf,
  sortOf,
  type Scalar,
  type ScalarType,
  type SymbolicMember,
  type SymbolicRecord,
  type SymbolicValue,
} from './symbolic-value.ts';

/** A value of this type about which nothing else is known. */
export function declareValue(type: CedarType, script: Script): SymbolicValue {
  if (type.kind === 'record') return declareRecord(type, script);
  if (type.kind === 'set') {
    const element = scalarTypeOf(type.element);
    if (element === undefined) {
      return { kind: 'opaque', what: 'a set of records, sets or IP addresses' };
    }
    const term = script.declare(setSortOf(element));
    // Sets have an end, which arrays need not have.
    if (element.kind !== 'boolean') script.assert(not(`(default ${term})`));
    return { kind: 'set-of', element, term };
  }
  const scalar = scalarTypeOf(type);
  if (scalar === undefined) return declareAddress(script);
  return declareScalar(scalar, script, type.kind === 'entity' ? type.ids : undefined);
}

/** A record of this type: what is required is there, what is optional may be. */
export function declareRecord(type: RecordType, script: Script): SymbolicRecord {
  const members = type.attributes.map(
    ({ name, type: of, isRequired }): readonly [string, SymbolicMember] => [
      name,
      {
        isPresent: isRequired ? TRUE : script.declare('Bool'),
        value: declareValue(of, script),
      },
    ],
  );
  return { kind: 'record', members: new Map(members) };
}

/** A scalar; where `ids` are given, one of these. */
export function declareScalar(type: ScalarType, script: Script, ids?: ReadonlySet<string>): Scalar {
  const term = script.declare(sortOf(type));
  if (ids !== undefined) script.assert(or(...Array.from(ids, (id) => same(term, text(id)))));
  return { ...type, term };
}

function declareAddress(script: Script): SymbolicValue {
  const isVersion6 = script.declare('Bool');
  const address = script.declare('(_ BitVec 128)');
  const prefix = script.declare('(_ BitVec 8)');
  const upTo = (most: number): Term => `(bvule ${prefix} ${bits(most, 8)})`;
  script.assert(upTo(128));
  script.assert(
    implies(not(isVersion6), and(upTo(32), same(`((_ extract 95 0) ${address})`, bits(0, 96)))),
  );
  return { kind: 'ipaddr', isVersion6, bits: address, prefix };
}
