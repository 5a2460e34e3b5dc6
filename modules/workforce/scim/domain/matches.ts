import type { Json, JsonObject } from '@proofline/kernel';
import type { AttributePath } from './attribute-path.ts';
import type { Filter, Literal, Operator } from './filter.ts';

/** Whether a resource, or one value of an attribute, is met by a filter (RFC 7644 §3.4.2.2). */
export function matches(filter: Filter, resource: JsonObject): boolean {
  switch (filter.is) {
    case 'and':
      return filter.parts.every((part) => matches(part, resource));
    case 'or':
      return filter.parts.some((part) => matches(part, resource));
    case 'not':
      return !matches(filter.part, resource);
    case 'value-path':
      return valuesAt(resource, filter.path).some(
        (value) => isObject(value) && matches(filter.part, value),
      );
    case 'comparison': {
      const values = comparedValues(valuesAt(resource, filter.path), filter.path);
      if (filter.operator === 'pr') return values.length > 0;
      const isExact = (filter.path.sub ?? filter.path.attribute).caseExact;
      if (filter.operator === 'ne') {
        return values.every((value) => !compare('eq', [value, filter.value], isExact));
      }
      const { operator } = filter;
      return values.some((value) => compare(operator, [value, filter.value], isExact));
    }
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valuesAt(resource: JsonObject, { extension, attribute }: AttributePath): Json[] {
  const holder = extension === undefined ? resource : resource[extension];
  const value = isObject(holder) ? holder[attribute.name] : undefined;
  if (value === undefined || value === null) return [];
  return isList(value) ? [...value] : [value];
}

/** Of a complex value, what is compared is its `value` unless a sub-attribute is named. */
function comparedValues(values: readonly Json[], { sub }: AttributePath): Json[] {
  return values.flatMap((value) => {
    if (!isObject(value)) return sub === undefined ? [value] : [];
    const named = value[sub?.name ?? 'value'];
    // With `pr` a complex attribute without a `value` is there, too.
    if (named === undefined) return sub === undefined ? [value] : [];
    return [named];
  });
}

/** How two texts are compared. `eq` of other values stands in {@link compare}. */
const ofTexts: Readonly<Record<Operator, (a: string, b: string) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  co: (a, b) => a.includes(b),
  sw: (a, b) => a.startsWith(b),
  ew: (a, b) => a.endsWith(b),
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  pr: () => true,
};

function compare(operator: Operator, [a, b]: [Json, Literal], isExact: boolean): boolean {
  if (typeof a === 'boolean') {
    return operator === 'eq' && String(a) === String(b).toLowerCase();
  }
  if (typeof a !== 'string' || typeof b !== 'string') return operator === 'eq' && a === b;
  const texts: [string, string] = isExact ? [a, b] : [a.toLowerCase(), b.toLowerCase()];
  return ofTexts[operator](...texts);
}
