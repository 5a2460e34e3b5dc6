import { schemaToJson, schemaToJsonWithResolvedTypes } from '@cedar-policy/cedar-wasm/nodejs';
import { readSchema, type Schema } from '@proofline/cedar';
import type { Json, JsonObject } from '@proofline/kernel';
import type { PolicyFault } from '@proofline/protocol';
import type { CautiousDefaults } from './cautious-defaults.ts';
import { findDefaultPlace } from './find-default-place.ts';
import { readDefaults } from './read-defaults.ts';
import { RecentTexts } from './recent-texts.ts';
import { faultOfWasm, positionAt, SCHEMA_PATH } from './release-faults.ts';

/** A schema that may be released. */
export interface SchemaOfText {
  readonly schema: Schema;
  readonly defaults: CautiousDefaults;
  /** Cedar's JSON form, which the digest names. */
  readonly json: Json;
}

/**
 * Schemas that were read, by their whole text. A release that changes policies alone has the schema of
 * the one before: nothing is read again, and what was generated from it serves both.
 */
const sound = new RecentTexts<SchemaOfText>(4);

/** Reads the text of a schema; a warning of Cedar's is a fault too. */
export function readSchemaText(
  text: string,
): { readonly read: SchemaOfText; readonly faults: readonly [] } | Faulty {
  const known = sound.find(text);
  if (known !== undefined) return { read: known, faults: [] };
  const answer = schemaToJson(text);
  const errors = answer.type === 'failure' ? answer.errors : answer.warnings;
  const place = { path: SCHEMA_PATH, text, code: 'schema.syntax' };
  if (answer.type === 'failure' || errors.length > 0) {
    return { faults: errors.map((error) => faultOfWasm(place, error)) };
  }
  const resolved = resolve(text);
  const { defaults, faults } = readDefaults(resolved);
  if (faults.length > 0) {
    return {
      faults: faults.map(({ code, text: words, attribute }) => {
        const at = positionAt(text, findDefaultPlace(text, attribute));
        return { code, path: SCHEMA_PATH, ...at, text: words };
      }),
    };
  }
  const read = { schema: readSchema(resolved), defaults, json: plain(answer.json) };
  return { read: sound.keep(text, read), faults: [] };
}

interface Faulty {
  readonly read?: undefined;
  readonly faults: readonly PolicyFault[];
}

/** The schema of a text that was validated before. */
export function schemaOf(text: string): Schema {
  return sound.find(text)?.schema ?? bare.find(text) ?? bare.keep(text, readSchema(resolve(text)));
}

/** The same on a thread that validates nothing. */
const bare = new RecentTexts<Schema>(4);

function resolve(text: string): JsonObject {
  const answer = schemaToJsonWithResolvedTypes(text);
  if (answer.type === 'failure') throw new Error('a validated schema could not be read');
  // A schema is an object of namespaces.
  return plain(answer.json) as JsonObject;
}

/** cedar-wasm's answers are JSON already; a pass through text drops `undefined` and prototypes. */
function plain(value: unknown): Json {
  // What `JSON.parse` answers is JSON; its type says `any`.
  return JSON.parse(JSON.stringify(value)) as Json;
}
