import { EvaluationError } from '../evaluation-error.ts';
import { CedarInputError, type InputPath } from '../input-error.ts';
import { extensionFunctions } from '../values/extension-functions.ts';
import type { Value } from '../values/value.ts';
import type { ExtensionName } from './schema.ts';

/** What the methods that give an extension value take; where one is asked for, so are these. */
const argumentTypes: ReadonlyMap<string, readonly ExtensionName[]> = new Map([
  ['offset', ['datetime', 'duration'] as const],
  ['durationSince', ['datetime', 'datetime'] as const],
  ['toDate', ['datetime'] as const],
  ['toTime', ['datetime'] as const],
]);

/** Calls stand in calls; a path that is longer than any schema's says that there are too many. */
const MAX_PATH = 200;

/** A call of a function of an extension type, in JSON. */
export interface ExtensionCall {
  readonly fn: string;
  readonly args: readonly unknown[];
}

/**
 * The value of a method whose arguments need no escape, since their types are known. `undefined`
 * where the function is no such method.
 */
export function callWithTypes(
  { fn, args }: ExtensionCall,
  path: InputPath,
  convert: (json: unknown, name: ExtensionName, path: InputPath) => Value,
): Value | undefined {
  const types = argumentTypes.get(fn);
  const made = extensionFunctions.get(fn);
  if (types?.length !== args.length || made === undefined) return undefined;
  if (path.length > MAX_PATH) throw new CedarInputError('too-deep', 'nested too deep', path);
  const values = types.map((name, index) => convert(args[index], name, [...path, index]));
  try {
    return made.call(values);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const message = `this is no value of its extension type: ${error.message}`;
    throw new CedarInputError('bad-extension', message, path);
  }
}
