import { parentPort } from 'node:worker_threads';
import { lookOver } from './look-over.ts';
import type { FromCompiler, ToCompiler } from './messages.ts';

parentPort?.on('message', ({ jobId, ...job }: ToCompiler) => {
  parentPort?.postMessage(answer(jobId, job));
});

function answer(jobId: number, job: Parameters<typeof lookOver>[0]): FromCompiler {
  try {
    return { jobId, compiled: lookOver(job) };
  } catch (error) {
    return { jobId, error: error instanceof Error ? error.message : String(error) };
  }
}
