/** The embedded engine's thread: PGlite on a durable file system, one statement after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { toErrorFields } from '../database-error.ts';
import { proveDurable } from './durability-probe.ts';
import { DurableNodeFs } from './durable-node-fs.ts';
import type { EngineAnswer, EngineRequest, EngineSetup } from './messages.ts';
import { runOnPglite, valueOptions } from './pglite-session.ts';

const START_PARAMS = [
  // `-F` turns fsync off; everything else of PGlite's own parameters stays.
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'synchronous_commit=on', 'full_page_writes=on'].flatMap(
    (setting) => ['-c', setting],
  ),
  ...['shared_buffers=16MB', 'max_wal_size=256MB'].flatMap((setting) => ['-c', setting]),
];

function answer(message: EngineAnswer): void {
  parentPort?.postMessage(message);
}

// The anchor keeps quoted statement text, whose further lines begin with a tab, from matching.
const LAST_WORDS = /^\S+ \S+ UTC \[\d+\] (PANIC|FATAL): +(.*)$/;
let lastWords: string | undefined;

/**
 * PostgreSQL panics when it can no longer keep its promises: the log cannot be written or synced.
 * In WebAssembly there is no process to end, and it would spin forever: so the thread ends itself.
 */
function listenToLog(line: string): boolean {
  const [, level, text] = LAST_WORDS.exec(line) ?? [];
  if (level !== undefined) lastWords = text;
  if (level === 'PANIC') {
    answer({ panic: lastWords ?? 'without a reason' });
    process.exit(1);
  }
  return false;
}

async function start(setup: EngineSetup): Promise<PGlite> {
  const fs = new DurableNodeFs(setup.dataDirectory);
  const pglite = await PGlite.create({
    ...valueOptions,
    fs,
    startParams: START_PARAMS,
    onStderr: listenToLog,
  });
  await proveDurable(pglite, () => fs.fsyncCount);
  return pglite;
}

async function serve(pglite: PGlite, request: EngineRequest): Promise<void> {
  try {
    if ('close' in request) {
      await pglite.close();
      answer({ id: request.id, result: { rows: [] } });
    } else {
      const result = await runOnPglite(pglite, request.sql, request.parameters);
      answer({ id: request.id, result });
    }
  } catch (error) {
    answer({ id: request.id, error: toErrorFields(error) });
  }
}

try {
  // The only starter is open-engine.ts, which gives exactly this.
  const pglite = await start(workerData as EngineSetup);
  parentPort?.on('message', (request: EngineRequest) => void serve(pglite, request));
  answer({ id: 0, result: { rows: [] } });
} catch (error) {
  const fields = toErrorFields(error);
  answer({ id: 0, error: { ...fields, message: lastWords ?? fields.message } });
}
