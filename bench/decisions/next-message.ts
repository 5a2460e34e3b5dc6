import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * The next thing that a child process says. `T` is what its program, in this checkout, sends.
 *
 * @throws {Error} when it ends instead.
 */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const died = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('a process of the bench ended');
  });
  try {
    const said: Promise<unknown[]> = once(child, 'message');
    const [message] = await Promise.race([said, died]);
    return message as T; // Checked by nobody: both ends of it are ours.
  } finally {
    ended.abort();
    died.catch(() => {});
  }
}
