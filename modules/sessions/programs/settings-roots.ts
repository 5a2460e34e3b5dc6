import type { Id } from '@proofline/kernel';
import { calculateJwkThumbprint } from 'jose';
import type { SessionsContext } from '../context.ts';

/** The entry that says by which key a service of the settings proves itself. */
export type SettingsRoots = (clientId: string) => Promise<Id<'evt'>>;

/**
 * Nobody registers a service of the settings, so nothing in the log would stand before what it does. The
 * first time that one acts here it is written down which key the settings name for it: once for each start
 * of a process, so that a key that was changed in the settings is in the log as well.
 */
export function createSettingsRoots(
  context: Pick<SessionsContext, 'ledger' | 'serviceClients' | 'storage'>,
): SettingsRoots {
  const written = new Map<string, Promise<Id<'evt'>>>();
  return (clientId) => {
    const before = written.get(clientId);
    if (before) return before;
    const entry = write(context, clientId);
    written.set(clientId, entry);
    // A failure is not remembered.
    entry.catch(() => written.delete(clientId));
    return entry;
  };
}

async function write(
  { ledger, serviceClients, storage }: Parameters<typeof createSettingsRoots>[0],
  clientId: string,
): Promise<Id<'evt'>> {
  const service = serviceClients.find((one) => one.clientId === clientId);
  if (!service) throw new RangeError('no service of the settings');
  const facts = { role: service.role, kid: await calculateJwkThumbprint(service.publicJwk) };
  return storage.transaction((tx) =>
    ledger.record(tx, { kind: 'service.configured', subjects: { service: clientId }, facts }),
  );
}
