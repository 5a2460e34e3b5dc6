import { parentPort } from 'node:worker_threads';
import { lookOver } from './look-over.ts';
import type { CompileJob, FromCompiler } from './messages.ts';

parentPort?.on('message', (job: CompileJob) => {
  parentPort?.postMessage(answer(job));
});

function answer(job: CompileJob): FromCompiler {
  try {
    return { compiled: lookOver(job) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), isOver: false };
  }
}
