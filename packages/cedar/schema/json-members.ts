import { CedarInputError, type InputPath } from '../input-error.ts';

/** An object of untrusted JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The input as an object; throws a `CedarInputError`. */
export function objectAt(json: unknown, path: InputPath): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CedarInputError('malformed', 'this must be an object', path);
  }
  return json as JsonObject; // All that is known of an object; its members stay unknown.
}

/** A member that the object itself has. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The input as a list of strings; throws a `CedarInputError`. */
export function stringsAt(json: unknown, path: InputPath): readonly string[] {
  if (!Array.isArray(json)) throw new CedarInputError('malformed', 'this must be a list', path);
  return json.map((element: unknown, index) => {
    if (typeof element === 'string') return element;
    throw new CedarInputError('malformed', 'this must be a string', [...path, index]);
  });
}
