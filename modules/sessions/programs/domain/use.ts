/** When something was used last, in milliseconds since 1970. */
export interface Use {
  readonly scopes: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<string, number>>;
  readonly atMs: number;
}

/** Nothing was used yet. */
export const noUse: Use = { scopes: {}, keys: {}, atMs: 0 };

function later(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Math.max(one[name] ?? 0, other[name] ?? 0)]),
  );
}

/** What two processes have seen: the later of each. */
export function mergeUse(one: Use, other: Use): Use {
  return {
    scopes: later(one.scopes, other.scopes),
    keys: later(one.keys, other.keys),
    atMs: Math.max(one.atMs, other.atMs),
  };
}
