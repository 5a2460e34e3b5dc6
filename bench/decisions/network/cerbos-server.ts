import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPeer } from '../../peers/install-peers.ts';
import type { Rule } from '../workload.ts';
import { asCerbos } from './as-cerbos.ts';
import { freePort } from './free-port.ts';

/** A real Cerbos server with the rules of the workload. */
export interface CerbosServer {
  readonly version: string;
  readonly pid: number;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** From the start of the process to its first healthy answer. */
  readonly startMs: number;
  readonly residentBytes: () => number | undefined;
  readonly stop: () => Promise<void>;
}

const START_MAX_MS = 120_000;

/** Starts it without audit log, telemetry or TLS. `undefined`: not installed for this platform. */
export async function startCerbos(rules: readonly Rule[]): Promise<CerbosServer | undefined> {
  const binary = findPeer(`@cerbos/cerbos-${process.platform}-${process.arch}`);
  if (binary === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'bench-cerbos-'));
  const ports = { httpPort: await freePort(), grpcPort: await freePort() };
  const config = writeFiles(directory, rules, ports);
  const start = performance.now();
  const child = spawn(binary, ['server', `--config=${config}`, '--log-level=error'], {
    stdio: 'ignore',
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitUntilHealthy(ports.httpPort, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw error;
  }
  const startMs = performance.now() - start;
  const [version = ''] = execFileSync(binary, ['--version'], { encoding: 'utf8' }).split('\n');
  const pid = child.pid ?? 0;
  return { ...ports, version, pid, startMs, residentBytes: () => residentBytesOf(pid), stop };
}

function writeFiles(
  directory: string,
  rules: readonly Rule[],
  { httpPort, grpcPort }: { readonly httpPort: number; readonly grpcPort: number },
): string {
  const policies = join(directory, 'policies');
  mkdirSync(policies);
  for (const [index, policy] of asCerbos(rules).entries()) {
    writeFileSync(join(policies, `case-${index}.json`), JSON.stringify(policy));
  }
  const config = join(directory, 'config.json');
  const settings = {
    server: {
      httpListenAddr: `127.0.0.1:${httpPort}`,
      grpcListenAddr: `127.0.0.1:${grpcPort}`,
    },
    storage: { driver: 'disk', disk: { directory: policies, watchForChanges: false } },
    telemetry: { disabled: true },
  };
  writeFileSync(config, JSON.stringify(settings));
  return config;
}

async function waitUntilHealthy(port: number, hasEnded: () => boolean): Promise<void> {
  for (const start = performance.now(); performance.now() - start < START_MAX_MS;) {
    if (hasEnded()) break;
    try {
      const { ok } = await fetch(`http://127.0.0.1:${port}/_cerbos/health`);
      if (ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(20);
  }
  throw new Error('the Cerbos server did not start');
}

function residentBytesOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
