import { createTestAuthority } from '@proofline/assurance/testing';
import { readConfig } from '@proofline/server/config';
import { startServer } from '@proofline/server/start';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { portsFrom } from '../../demo/ports.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';
import { demoStaff } from '../../demo/staff.ts';
import { send } from '../attacks/send.ts';

/** The environment of a server. */
export type Settings = Readonly<Record<string, string>>;

/** Settings of an installation in a directory, on a port that is free. */
export async function settingsIn(directory: string): Promise<Settings> {
  const ports = { ...portsFrom(4400), server: 0 };
  return environmentsOf({
    directory,
    ports,
    origins: originsOf(ports),
    secrets: await loadDemoSecrets(directory),
    authority: await createTestAuthority(),
    logLevel: 'silent',
  }).server;
}

/** The first run of an installation: its staff are founded, then it stops. */
export async function runFirst(settings: Settings): Promise<void> {
  const server = await startServer(readConfig(settings));
  await server.composition.workforce.foundStaff(demoStaff);
  await server.close();
}

/** Starts, logs one entry more, and stops. */
export async function logOneMore(settings: Settings): Promise<void> {
  const server = await startServer(readConfig(settings));
  const { ledger, storage } = server.composition;
  await ledger.durable(
    await storage.transaction((tx) => ledger.record(tx, { kind: 'session.started' })),
  );
  await server.close();
}

/** Starts, and answers the public checkpoint’s size and root. */
export async function checkpointOf(settings: Settings): Promise<readonly [number, string]> {
  const server = await startServer(readConfig(settings));
  try {
    const { text } = await send({
      origin: `http://staff.localhost:${server.port}`,
      path: '/api/evidence-log/checkpoint',
      headers: { host: new URL(settings['PROOFLINE_STAFF_ORIGIN'] ?? '').host },
    });
    // The contract's form.
    const { checkpoint } = JSON.parse(text) as { checkpoint: string };
    const [, size, root = ''] = checkpoint.split('\n');
    return [Number(size), root];
  } finally {
    await server.close();
  }
}
