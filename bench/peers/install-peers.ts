import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const INSTALL_MAX_MS = 180_000;
/** npm writes it last, and anew whenever it installs. */
const installed = join(import.meta.dirname, 'node_modules/.package-lock.json');
const wanted = join(import.meta.dirname, 'package-lock.json');

/**
 * Brings in what the benchmarks compare with, at the versions that `package-lock.json` pins; it is
 * no part of the project. Without a network it says so, and the peers are left out.
 */
export function installPeers(say: (line: string) => void): void {
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  say('Installing the peers into bench/peers/node_modules (npm ci, no install scripts) …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    shell: process.platform === 'win32',
    stdio: 'ignore',
    timeout: INSTALL_MAX_MS,
  });
  if (status !== 0) say('That did not work (offline?): the peers are left out.');
}

/** A peer's module, or `undefined` where it is not installed. `T` is the part of it that we use. */
export async function loadPeer<T>(name: string): Promise<T | undefined> {
  const path = findPeer(name);
  // Of a package that the type checker may not find, whoever loads it states the part that they use.
  return path === undefined ? undefined : ((await import(path)) as T);
}

/** The file that a peer's package starts with, or `undefined` where it is not installed. */
export function findPeer(name: string): string | undefined {
  try {
    return createRequire(wanted).resolve(name);
  } catch {
    return undefined;
  }
}
