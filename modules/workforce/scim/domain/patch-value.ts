import { canonicalJson, type Json, type JsonObject } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Attribute } from './attributes.ts';
import { findAttribute } from './attributes.ts';
import type { Filter } from './filter.ts';
import { matches } from './matches.ts';

/** What is done to the value of an attribute. */
export interface Change {
  readonly op: 'add' | 'replace' | 'remove';
  readonly value: Json | undefined;
  /** Which values of a list are meant. */
  readonly filter: Filter | undefined;
  /** The sub-attribute that is meant. */
  readonly sub: Attribute | undefined;
}

/** The value of an attribute after one change; `undefined`: it has none any more. */
export function changeValue(
  before: Json | undefined,
  attribute: Attribute,
  change: Change,
): Json | undefined {
  if (change.op !== 'remove' && change.value === undefined) throw new ProblemError('scim.value');
  if (attribute.multiValued) return changeList(listOf(before), attribute, change);
  if (attribute.type !== 'complex') return isNothing(change) ? undefined : change.value;
  return changeComplex(isObject(before) ? before : {}, attribute, change);
}

/** Entra takes a value away by an empty text, Okta by `null`. */
function isNothing({ op, value }: Pick<Change, 'op' | 'value'>): boolean {
  return op === 'remove' || value === null || value === '';
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? [...value] : [value];
}

function changeComplex(
  before: JsonObject,
  attribute: Attribute,
  { sub, ...change }: Change,
): JsonObject | undefined {
  if (sub !== undefined) return withMember(before, sub.name, change);
  if (isNothing(change)) return undefined;
  // Entra gives a manager as the bare id.
  const given = isObject(change.value) ? change.value : { value: change.value ?? null };
  let changed: JsonObject | undefined = before;
  for (const [name, value] of Object.entries(given)) {
    const member = findAttribute(attribute.subAttributes ?? [], name);
    if (member) changed = withMember(changed ?? {}, member.name, { op: change.op, value });
  }
  return changed;
}

function withMember(
  holder: JsonObject,
  name: string,
  change: Pick<Change, 'op' | 'value'>,
): JsonObject | undefined {
  const { [name]: _old, ...rest } = holder;
  if (!isNothing(change)) return { ...rest, [name]: change.value ?? null };
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function changeList(
  before: readonly Json[],
  attribute: Attribute,
  change: Change,
): Json[] | undefined {
  const after =
    change.filter === undefined
      ? changeWhole(before, attribute, change)
      : changeSome(before, change.filter, change);
  return after.length === 0 ? undefined : after;
}

function changeWhole(before: readonly Json[], attribute: Attribute, change: Change): Json[] {
  const { op, sub, value } = change;
  if (sub !== undefined) return changeEach(before.length === 0 ? [{}] : before, () => true, change);
  const given = listOf(value).map((one) => named(one, attribute));
  if (op === 'replace') return given;
  if (op === 'add') return given.reduce<Json[]>(withAdded, [...before]);
  // Entra names the members to be removed in the value.
  if (given.length === 0) return [];
  const gone = new Set(given.map(keyOf));
  return before.filter((one) => !gone.has(keyOf(one)));
}

/** A value with the names of its members as we spell them; a bare one is its `value`. */
function named(value: Json, { subAttributes = [] }: Attribute): Json {
  if (!isObject(value)) return { value };
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const known = findAttribute(subAttributes, name);
      return known ? [[known.name, member]] : [];
    }),
  );
}

const keyOf = (value: Json) => canonicalJson(isObject(value) ? value['value'] : value);

/** A value that is there already is not added again; there is one primary value (RFC 7643 §2.4). */
function withAdded(before: Json[], one: Json): Json[] {
  const others = before.filter((other) => keyOf(other) !== keyOf(one));
  if (!isObject(one) || !isTrue(one['primary'])) return [...others, one];
  return [...others.map((other) => (isObject(other) ? { ...other, primary: false } : other)), one];
}

const isTrue = (value: Json | undefined) =>
  value === true || (typeof value === 'string' && value.toLowerCase() === 'true');

function changeSome(before: readonly Json[], filter: Filter, change: Change): Json[] {
  const isMeant = (value: Json) => isObject(value) && matches(filter, value);
  if (change.op === 'remove' && change.sub === undefined) {
    return before.filter((value) => !isMeant(value));
  }
  if (before.some(isMeant)) return changeEach(before, isMeant, change);
  // Nothing is there to be taken away.
  if (change.op === 'remove') return [...before];
  const described = describedBy(filter);
  if (described === undefined) throw new ProblemError('scim.target');
  return [...before, ...changeEach([described], () => true, change)];
}

function changeEach(
  values: readonly Json[],
  isMeant: (value: Json) => boolean,
  { op, sub, value }: Change,
): Json[] {
  return values.flatMap((one): Json[] => {
    if (!isMeant(one) || !isObject(one)) return [one];
    if (sub !== undefined) return listOf(withMember(one, sub.name, { op, value }));
    return isObject(value) ? [{ ...one, ...value }] : [one];
  });
}

/** The value that a filter of equalities describes: `type eq "work"` is `{type: 'work'}`. */
function describedBy(filter: Filter): JsonObject | undefined {
  if (filter.is === 'and') {
    const parts = filter.parts.map(describedBy).filter((part) => part !== undefined);
    if (parts.length < filter.parts.length) return undefined;
    return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  }
  if (filter.is !== 'comparison' || filter.operator !== 'eq') return undefined;
  return { [filter.path.attribute.name]: filter.value };
}
