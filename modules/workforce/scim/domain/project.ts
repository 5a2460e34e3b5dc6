import type { Json, JsonObject } from '@proofline/kernel';
import { locate } from './attribute-path.ts';
import type { ResourceShape } from './attributes.ts';

/** Which attributes the caller wants (RFC 7644 §3.9). */
export interface Projection {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

const NAMES_MAX = 50;

/** Names at each level; no names below: the whole value. */
interface Names {
  readonly [name: string]: Names;
}

/** A resource with the attributes that are wanted; `id` and `schemas` are always among them. */
export function project<T extends JsonObject>(
  resource: T,
  { attributes, excludedAttributes }: Projection,
  shape: ResourceShape,
): T {
  const wanted = namesIn(attributes);
  const projected =
    wanted.length > 0
      ? only(resource, namesOf([...wanted, 'id'], shape, { schemas: {} }))
      : without(resource, namesOf(namesIn(excludedAttributes), shape));
  return projected as T; // every member but these two is optional
}

function namesIn(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').slice(0, NAMES_MAX);
}

function namesOf(wanted: readonly string[], shape: ResourceShape, always: Names = {}): Names {
  return wanted.reduce((names, name) => withPath(names, pathOf(name, shape)), always);
}

function withPath(names: Names, [name, ...rest]: readonly string[]): Names {
  if (name === undefined) return names;
  const known = names[name];
  // What is named whole stays whole, also when a part of it is named besides.
  const isWhole = rest.length === 0 || (known && Object.keys(known).length === 0);
  return { ...names, [name]: isWhole ? {} : withPath(known ?? {}, rest) };
}

/** Where an attribute stands; nowhere for what is not kept here. */
function pathOf(name: string, shape: ResourceShape): readonly string[] {
  const located = locate(name, shape);
  if (located.is === 'whole') return located.extension === undefined ? [] : [located.extension];
  if (located.is !== 'attribute') return [];
  const { attribute, extension, sub } = located.path;
  return [extension, attribute.name, sub?.name].filter((step) => step !== undefined);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isWhole = (names: Names) => Object.keys(names).length === 0;

function only(value: Json, names: Names): Json {
  if (isList(value)) return value.map((one) => only(one, names));
  if (!isObject(value) || isWhole(names)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const below = names[name];
      return below === undefined || member === undefined ? [] : [[name, only(member, below)]];
    }),
  );
}

function without(value: Json, names: Names): Json {
  if (isList(value)) return value.map((one) => without(one, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const below = name === 'id' ? undefined : names[name];
      if (member === undefined) return [];
      if (below === undefined) return [[name, member]];
      return isWhole(below) ? [] : [[name, without(member, below)]];
    }),
  );
}
