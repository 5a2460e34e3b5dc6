import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { lookOver } from './look-over.ts';
import type { CompileJob, FromCompiler } from './messages.ts';

parentPort?.on('message', (job: CompileJob) => {
  parentPort?.postMessage(answer(job));
});

function answer(job: CompileJob): FromCompiler {
  try {
    const compiled = lookOver(job);
    return { compiled, heapBytes: getHeapStatistics().total_heap_size };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), isOver: false };
  }
}
