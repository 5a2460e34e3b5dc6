import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyFault } from '@proofline/protocol';

/** Where faults of the schema are said to be. */
export const SCHEMA_PATH = 'schema.cedarschema';

/** A fault of a whole file, or of the whole set. */
export function faultAtStart(path: string, code: string, text: string): PolicyFault {
  return { code, path, line: 1, column: 1, text };
}

/** A fault that cedar-wasm found in a text. */
export function faultOfWasm(
  { path, text, code }: { readonly path: string; readonly text: string; readonly code: string },
  error: DetailedError,
): PolicyFault {
  const offset = charsOf(text, error.sourceLocations?.[0]?.start ?? 0);
  return { code, path, ...positionAt(text, offset), text: sentenceOf(error) };
}

/** What cedar-wasm says, with its advice. */
export function sentenceOf({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`;
}

/** cedar-wasm counts the bytes of UTF-8, editors count UTF-16. */
export function charsOf(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length;
}

/** Line and column of an offset, both from 1. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
