import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const START_MAX_MS = 20_000;
const STOP_MAX_MS = 3_000;
const POLL_MS = 25;

/** A process that was started beside this one. */
export interface Child {
  readonly pid: number;
  /** Asks it to end, then makes it. */
  stop(): Promise<void>;
}

/**
 * Starts `node FILE` with just the given environment and waits until it listens on its port.
 *
 * @throws with the end of what the process wrote, when it ends or is late
 */
export async function startChild(options: {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Told how it ended, when it ends without being asked to, once it has started. */
  readonly onLost?: (how: string) => void;
}): Promise<Child> {
  const endWithParent = new URL('end-with-parent.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', endWithParent, options.file], {
    env: { ...inherited(), ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own group: Ctrl-C in the terminal reaches only this process, which then stops it in order.
    detached: true,
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const startedAt = performance.now();
  while (!(await isListening(options.port))) {
    if (hasEnded(child) || performance.now() - startedAt > START_MAX_MS) {
      child.kill('SIGKILL');
      throw new Error(`${options.file} did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  let isStopping = false;
  // `close`: what it wrote last has been heard by then.
  child.once('close', (code, signal) => {
    if (!isStopping) options.onLost?.(howItEnded({ code, signal, said }));
  });
  return {
    pid: child.pid ?? 0,
    stop: () => {
      isStopping = true;
      return stopChild(child);
    },
  };
}

/** Nothing of the surroundings but where programs lie, and where Node keeps what it compiled, if it does. */
function inherited(): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE: compiled } = process.env;
  return { PATH, ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
  await ended;
  clearTimeout(killer);
}

/** `SIGKILL`, or `exit code 1: Error: the disk is full`. */
function howItEnded(end: {
  readonly code: number | null;
  readonly signal: string | null;
  readonly said: string;
}): string {
  if (end.signal !== null) return end.signal;
  const error = end.said.split('\n').findLast((line) => /^\w*Error\b/.test(line));
  return [`exit code ${end.code}`, ...(error ? [error.slice(0, 300)] : [])].join(': ');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
