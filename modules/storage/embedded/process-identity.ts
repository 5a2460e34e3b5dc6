import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process, so that its number being used again by another one is noticed. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; `undefined` where the system does not tell. */
  readonly startedAt?: string;
  /** The machine, and on Linux the PID namespace: elsewhere the number means another process. */
  readonly place: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const startedAt = startOf(process.pid);
  return { pid: process.pid, place: place(), ...(startedAt !== undefined && { startedAt }) };
}

/** Whether the process runs; `unknown` when it belongs to another machine or container. */
export function stateOf(identity: ProcessIdentity): 'running' | 'ended' | 'unknown' {
  if (identity.place !== place()) return 'unknown';
  if (!isAlive(identity.pid)) return 'ended';
  const startedAt = startOf(identity.pid);
  if (startedAt === undefined || identity.startedAt === undefined) return 'running';
  return startedAt === identity.startedAt ? 'running' : 'ended';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStartOf(pid);
    if (process.platform === 'win32') return undefined;
    const options = { encoding: 'utf8', env: { LC_ALL: 'C' } } as const;
    return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], options).trim();
  } catch {
    return undefined;
  }
}

function linuxStartOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc(5): the second field is the name in parentheses, which may itself hold any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  // A zombie holds no files; field 22 is the start in ticks since boot.
  return fields[0] === 'Z' ? 'ended' : `${boot}/${fields[19]}`;
}

function place(): string {
  if (process.platform !== 'linux') return hostname();
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
