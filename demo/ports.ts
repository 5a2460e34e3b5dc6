import { createServer } from 'node:net';
import type { Ports } from './environments.ts';

/** The demo's four ports, ten apart: 4400, 4410, 4420 and 4430 unless somebody wishes otherwise. */
export function portsFrom(first: number): Ports {
  return { server: first, gateway: first + 10, crm: first + 20, demo: first + 30 };
}

/** Four ports that nobody listens on now. */
export async function freePorts(): Promise<Ports> {
  const taken = await Promise.all([take(0), take(0), take(0), take(0)]);
  await Promise.all(taken.map(({ release }) => release()));
  const [server, gateway, crm, demo] = taken.map(({ port }) => port);
  return { server: server ?? 0, gateway: gateway ?? 0, crm: crm ?? 0, demo: demo ?? 0 };
}

/** Before anything is started, so that nothing is left half started. @throws with one sentence */
export async function refuseTakenPorts(ports: Ports): Promise<void> {
  for (const port of [ports.server, ports.gateway, ports.crm, ports.demo]) {
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

function take(port: number): Promise<{ port: number; release: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        release: () => new Promise((released) => probe.close(() => released())),
      });
    });
  });
}
