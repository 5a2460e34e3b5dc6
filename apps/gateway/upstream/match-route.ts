import type { GuardedOperation } from './read-operations.ts';

/** An operation with the values of its path. */
export interface RouteMatch {
  readonly operation: GuardedOperation;
  readonly parameters: Readonly<Record<string, string>>;
}

const segmentMaxChars = 120;

function decode(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    // One segment must stay one, here and at the guarded system.
    return /[/\\\p{Cc}]/u.test(text) || text === '..' || text === '.' ? undefined : text;
  } catch {
    return undefined;
  }
}

function matchSegments(
  operation: GuardedOperation,
  actual: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of operation.segments.entries()) {
    const value = actual[index]!;
    const name = /^\{(.+)\}$/.exec(expected)?.[1];
    if (name === undefined) {
      if (value !== expected) return undefined;
      continue;
    }
    const decoded = value.length <= segmentMaxChars ? decode(value) : undefined;
    const schema = operation.pathParameters[name];
    if (decoded === undefined || !schema?.safeParse(decoded).success) return undefined;
    parameters[name] = decoded;
  }
  return parameters;
}

/** The one mapped operation of a method and a path; `undefined`: there is no such route. */
export function matchRoute(
  operations: readonly GuardedOperation[],
  method: string,
  pathname: string,
): RouteMatch | undefined {
  const actual = pathname.split('/').slice(1);
  for (const operation of operations) {
    if (operation.method !== method || operation.segments.length !== actual.length) continue;
    const parameters = matchSegments(operation, actual);
    if (parameters) return { operation, parameters };
  }
  return undefined;
}
