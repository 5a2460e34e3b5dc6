import type { CautiousDefaults, DefaultValue } from '@proofline/policy';
import { NotEncodable } from '../not-encodable.ts';
import { and, bits, FALSE, text, TRUE } from '../smt/term.ts';
import { either } from './equality.ts';
import type { World } from './world.ts';
import type { SymbolicMember, SymbolicRecord, SymbolicValue } from './symbolic-value.ts';

type RecordDefaults = NonNullable<ReturnType<CautiousDefaults['get']>>;

/** The same request in which every absent signal counts as the schema declares: what policies see. */
export function asDecided(world: World, defaults: CautiousDefaults): World {
  const declared = defaultsOf(world, defaults);
  return declared ? { ...world, context: fillDefaults(world.context, declared) } : world;
}

/** The same request, in which what has a default may be absent although the schema requires it. */
export function asReported(world: World, defaults: CautiousDefaults): World {
  const declared = defaultsOf(world, defaults);
  return declared ? { ...world, context: loosen(world, world.context, declared) } : world;
}

/** The action of a kind of request is known: its term is a text. */
function defaultsOf({ action }: World, defaults: CautiousDefaults): RecordDefaults | undefined {
  return [...defaults].find(([name]) => text(name) === action.term)?.[1];
}

function loosen(
  world: World,
  { members }: SymbolicRecord,
  { values, records }: RecordDefaults,
): SymbolicRecord {
  const loose = Array.from(members, ([name, member]): [string, SymbolicMember] => {
    const below = records.get(name);
    const mayBeAbsent = values.has(name) || below?.isWhole === true;
    const isPresent =
      mayBeAbsent && member.isPresent === TRUE ? world.script.declare('Bool') : member.isPresent;
    const value =
      below && member.value.kind === 'record' ? loosen(world, member.value, below) : member.value;
    return [name, { isPresent, value }];
  });
  return { kind: 'record', members: new Map(loose) };
}

function fillDefaults(record: SymbolicRecord, defaults: RecordDefaults): SymbolicRecord {
  const members = new Map(record.members);
  for (const [name, value] of defaults.values) {
    const member = members.get(name);
    if (member !== undefined) members.set(name, withDefault(member, value));
  }
  for (const [name, declared] of defaults.records) {
    const member = members.get(name);
    if (member !== undefined) members.set(name, fillRecord(member, declared));
  }
  return { kind: 'record', members };
}

function withDefault({ isPresent, value }: SymbolicMember, absent: DefaultValue): SymbolicMember {
  return { isPresent: TRUE, value: either(isPresent, value, literalLike(value, absent)) };
}

function fillRecord(
  { isPresent, value }: SymbolicMember,
  declared: RecordDefaults,
): SymbolicMember {
  if (value.kind !== 'record') return { isPresent, value };
  if (!declared.isWhole) return { isPresent, value: fillDefaults(value, declared) };
  // A record that is not there is made of its defaults alone.
  const known: SymbolicRecord = {
    kind: 'record',
    members: new Map(
      Array.from(value.members, ([name, member]) => [
        name,
        { ...member, isPresent: and(isPresent, member.isPresent) },
      ]),
    ),
  };
  return { isPresent: TRUE, value: fillDefaults(known, declared) };
}

function literalLike(value: SymbolicValue, absent: DefaultValue): SymbolicValue {
  if (value.kind === 'boolean' && typeof absent === 'boolean') {
    return { kind: 'boolean', term: absent ? TRUE : FALSE };
  }
  if (value.kind === 'long' && typeof absent === 'number') {
    return { kind: 'long', term: bits(absent) };
  }
  if (value.kind === 'string' && typeof absent === 'string') {
    return { kind: 'string', term: text(absent) };
  }
  throw new NotEncodable('a default of such a type');
}
