import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as wasm from '@cedar-policy/cedar-wasm/nodejs';

const root = join(import.meta.dirname, '../../../../../shared/data/cedar');

/** Whether the official tests lie beside the repository: they are no part of it. */
export const hasOfficialCases = existsSync(root);

/** An official test: a schema, entities and requests. */
export interface OfficialCase {
  readonly name: string;
  readonly schemaText: string;
  /** The text of a JSON file; `parseExactly` reads it without rounding. */
  readonly entitiesText: string;
  readonly requests: readonly OfficialRequest[];
}

export interface OfficialRequest {
  readonly principal: { type: string; id: string };
  readonly action: { type: string; id: string };
  readonly resource: { type: string; id: string };
  readonly context: Record<string, unknown>;
}

const folders = ['corpus-0', 'tests/decimal', 'tests/ip', 'tests/multi', 'tests/example_use_cases'];

/** Every official test, read when it is its turn. */
export function* officialCases(): Generator<OfficialCase> {
  for (const folder of folders) {
    for (const file of readdirSync(join(root, folder))) {
      if (!file.endsWith('.json') || file.endsWith('.entities.json')) continue;
      const name = `${folder}/${file}`;
      // The shape of the official files; the tests fail where one has another.
      const test = parseExactly(read(name)) as {
        schema: string;
        entities: string;
        requests: OfficialRequest[];
      };
      yield {
        name,
        schemaText: read(test.schema),
        entitiesText: read(test.entities),
        requests: test.requests,
      };
    }
  }
}

/** Paths in the tests name the folder of the whole corpus. */
function read(path: string): string {
  return readFileSync(join(root, path.replace('corpus-tests/', 'corpus-0/')), 'utf8');
}

/** JSON with a bigint for each integer that a number would round. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context: { source: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(context.source) : value) as (
    key: string,
    value: unknown,
  ) => unknown); // The types do not know `context` yet.
}

/** Whether JSON holds an integer that cedar-wasm, which takes JavaScript's numbers, would round. */
export function hasBigInteger(json: unknown): boolean {
  if (typeof json === 'bigint') return true;
  if (typeof json === 'number') return !Number.isSafeInteger(json);
  return typeof json === 'object' && json !== null && Object.values(json).some(hasBigInteger);
}

/** What cedar-wasm makes of a schema for `readSchema`; throws where it refuses the schema. */
export function schemaJson(text: string): unknown {
  const answer = wasm.schemaToJsonWithResolvedTypes(text);
  if (answer.type === 'success') return answer.json;
  throw new Error(answer.errors.map(({ message }) => message).join('; '));
}
