import { fork } from 'node:child_process';
import { join } from 'node:path';
import { nextMessage } from '../decisions/next-message.ts';
import type { Verified } from './verify-million.ts';

/** In a process of its own, so that its memory is nobody else’s. */
export function verifyApart(leaves: number): Promise<Verified> {
  const program = join(import.meta.dirname, 'verify-process.ts');
  return nextMessage<Verified>(fork(program, [String(leaves)]));
}
