/**
 * A process to be killed: writes rows with their evidence, and says each one on stdout once it has
 * been acknowledged as durable.
 *
 *   node tests/faults/evidence-writer.ts DIRECTORY ROUND [DATABASE_URL]
 */
import { writeSync } from 'node:fs';
import { openJournal } from './journal.ts';

const WRITERS = 6;

const [directory = '', round = '', url] = process.argv.slice(2);
const journal = await openJournal({ directory, url });

async function writeForever(writer: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const line = await journal.write(`${round}/${writer}/${n}`);
    // Synchronous: what was acknowledged is in the pipe before anything else happens.
    writeSync(1, `${JSON.stringify(line)}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForever(writer)));
