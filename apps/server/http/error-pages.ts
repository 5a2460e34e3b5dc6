import { readFileSync } from 'node:fs';
import { problemCodes } from '@proofline/protocol';

const FOLDER = new URL('../../../docs/errors/', import.meta.url);

/** The page of each problem code, which a problem's `type` points at. @throws when one is missing */
export function loadErrorPages(): ReadonlyMap<string, string> {
  return new Map(
    problemCodes.map((code) => [code, readFileSync(new URL(`${code}.md`, FOLDER), 'utf8')]),
  );
}
