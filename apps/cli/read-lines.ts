import { createReadStream } from 'node:fs';

/** Beyond that no line of evidence is a line. */
const LINE_MAX_CHARS = 1_000_000;

/** The lines of a file of any size, one in memory at a time; what is left of a line too long is cut off. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_MAX_CHARS);
    yield* lines;
  }
  if (rest !== '') yield rest;
}
