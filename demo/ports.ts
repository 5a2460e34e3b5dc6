import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Ports } from './environments.ts';

/** The demo's five ports, ten apart: 4400, 4410, 4420, 4430 and 4440 unless somebody wishes otherwise. */
export function portsFrom(first: number): Ports {
  return {
    server: first,
    gateway: first + 10,
    crm: first + 20,
    demo: first + 30,
    mtls: first + 40,
  };
}

/**
 * Where Linux (32768 and up), macOS and Windows (49152 and up) take no port from for a connection
 * that goes out: one that is free now stays so until it is listened on.
 */
const quiet = { from: 12_000, to: 32_000 };

/** Five ports that nobody listens on now. */
export async function freePorts(): Promise<Ports> {
  const found = new Set<number>();
  while (found.size < 5) {
    const port = randomInt(quiet.from, quiet.to);
    const taken = await take(port).catch(() => undefined);
    await taken?.release();
    if (taken !== undefined) found.add(port);
  }
  const [server = 0, gateway = 0, crm = 0, demo = 0, mtls = 0] = found;
  return { server, gateway, crm, demo, mtls };
}

/** Before anything is started, so that nothing is left half started. @throws with one sentence */
export async function refuseTakenPorts(ports: Ports): Promise<void> {
  for (const port of [ports.server, ports.gateway, ports.crm, ports.demo, ports.mtls]) {
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

function take(port: number): Promise<{ release: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      resolve({ release: () => new Promise((released) => probe.close(() => released())) });
    });
  });
}
