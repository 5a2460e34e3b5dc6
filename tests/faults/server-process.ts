import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDirectory } from '../harness/open-test-storage.ts';

const READY_MAX_MS = 30_000;
const root = join(import.meta.dirname, '../..');

/** The real server as its own process, to be killed. */
export interface ServerProcess {
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

/** Starts `apps/server/main.ts` with just these settings and waits for its port. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(root, 'apps/server/main.ts')], {
    // Twenty starts: what Node compiled at the first one is used again.
    env: { ...environment, NODE_COMPILE_CACHE: cacheDirectory },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, 'close');
  const port = Number(environment['PROOFLINE_LISTEN_PORT']);
  for (let waitedMs = 0; !(await answers(port)); waitedMs += 20) {
    if (child.exitCode !== null || waitedMs > READY_MAX_MS) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start: ${complaint}`);
    }
    await delay(20);
  }
  return {
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
