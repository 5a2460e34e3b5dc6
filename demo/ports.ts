import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Ports } from './environments.ts';

/** The demo's six ports, ten apart: 4400, 4410, 4420, 4430, 4440 and 4450 unless somebody wishes otherwise. */
export function portsFrom(first: number): Ports {
  return {
    server: first,
    gateway: first + 10,
    crm: first + 20,
    demo: first + 30,
    mtls: first + 40,
    witness: first + 50,
  };
}

/**
 * Where Linux (32768 and up), macOS and Windows (49152 and up) take no port from for a connection
 * that goes out: one that is free now stays so until it is listened on.
 */
const quiet = { from: 12_000, to: 32_000 };

/** Nobody connects to it: who listens on a port of this address has claimed the port for later. */
const CLAIMS = '127.0.0.2';

/**
 * Six ports that nobody listens on now, ten apart. Other processes that look for some keep away from
 * them for as long as this one lives: the last of them is listened on seconds later.
 */
export async function freePorts(): Promise<Ports> {
  for (;;) {
    const ports = portsFrom(randomInt(quiet.from, quiet.to));
    if (await claimAll(Object.values(ports))) return ports;
  }
}

async function claimAll(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const isMine = await take(port, CLAIMS).then(
      ({ keep }) => keep(),
      // Some systems have one loopback address only, and nothing to claim with.
      (error: NodeJS.ErrnoException) => error.code === 'EADDRNOTAVAIL',
    );
    // Only now: to look whether it is free takes it from whoever has claimed it, for a moment.
    const taken = isMine ? await take(port).catch(() => undefined) : undefined;
    await taken?.release();
    if (taken === undefined) return false;
  }
  return true;
}

/** Before anything is started, so that nothing is left half started. @throws with one sentence */
export async function refuseTakenPorts(ports: Ports): Promise<void> {
  const { server, gateway, crm, demo, mtls, witness } = ports;
  for (const port of [server, gateway, crm, demo, mtls, witness]) {
    const taken = await take(port).catch(() => undefined);
    if (taken === undefined) {
      throw new Error(
        `Port ${port} is in use by another program: stop that one, or choose other ports with ` +
          '“npm run demo -- --port 5400”.',
      );
    }
    await taken.release();
  }
}

interface Taken {
  /** Until the process ends, which it does not hold up. */
  keep(): true;
  release(): Promise<void>;
}

function take(port: number, address = '127.0.0.1'): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, address, () => {
      resolve({
        keep() {
          probe.unref();
          return true;
        },
        release: () => new Promise((released) => probe.close(() => released())),
      });
    });
  });
}
