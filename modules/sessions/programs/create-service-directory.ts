import { isId } from '@proofline/kernel';
import type { SessionsDeps, SessionsPeers } from '../context.ts';
import type { KnownProgram } from './domain/known-program.ts';
import { mergeUse, noUse, type Use } from './domain/use.ts';
import type { ServiceDirectory } from './service-directory.ts';
import { serviceRows } from './store/service-rows.ts';
import { useRows } from './store/use-rows.ts';

/** A service that was changed elsewhere is heard of within that (P6: two seconds). */
const KNOWN_MS = 1_000;
const KNOWN_MAX = 1_000;
const WINDOW_MS = 60_000;

type Deps = Pick<SessionsDeps, 'clock' | 'serviceClients' | 'storage' | 'tenant'> & {
  readonly peers: () => SessionsPeers;
};

/** @see ServiceDirectory */
export function createServiceDirectory(deps: Deps): ServiceDirectory {
  const { clock, storage, tenant } = deps;
  const rates = createRates(clock);
  const known = new Map<string, { readonly atMs: number; found: Promise<Known> }>();
  const unwritten = new Map<string, Use>();
  const writtenAtMs = new Map<string, number>();
  const uses = useRows(tenant);
  const configured = new Map(
    deps.serviceClients.map(({ clientId, role }): [string, KnownProgram] => [
      clientId,
      { clientId, name: role, role, registered: undefined },
    ]),
  );
  const ownersOfKeys = new Map<string, string>();
  const ownerOf = async (kid: string): Promise<string | undefined> => {
    const recent = ownersOfKeys.get(kid);
    if (recent !== undefined) return recent;
    const owner = await serviceRows(tenant).ownerOfKey(storage.db, kid);
    if (owner !== undefined) ownersOfKeys.set(kid, owner);
    forgetOldest(ownersOfKeys);
    return owner;
  };
  const directory: ServiceDirectory = {
    async findByKey(kid) {
      const owner = await ownerOf(kid);
      return owner === undefined ? undefined : directory.find(owner);
    },
    async find(clientId) {
      const fixed = configured.get(clientId);
      if (fixed || !isId('svc', clientId)) return fixed;
      const nowMs = clock.now();
      const recent = known.get(clientId);
      if (recent && nowMs - recent.atMs >= 0 && nowMs - recent.atMs < KNOWN_MS) return recent.found;
      const found = readKnown(deps, clientId);
      known.delete(clientId);
      known.set(clientId, { atMs: nowMs, found });
      // A failure is not remembered.
      found.catch(() => known.delete(clientId));
      forgetOldest(known);
      return found;
    },
    forget: (clientId) => void known.delete(clientId),
    ...rates,
    noteUse(clientId, { kid, scope }) {
      const atMs = clock.now();
      const seen: Use = {
        atMs,
        keys: kid === undefined ? {} : { [kid]: atMs },
        scopes: scope === undefined ? {} : { [scope]: atMs },
      };
      unwritten.set(clientId, mergeUse(unwritten.get(clientId) ?? noUse, seen));
    },
    async flush() {
      const nowMs = clock.now();
      for (const [clientId, seen] of unwritten) {
        if (nowMs - (writtenAtMs.get(clientId) ?? 0) < WINDOW_MS) continue;
        unwritten.delete(clientId);
        writtenAtMs.set(clientId, nowMs);
        await uses.add(storage, clientId, seen);
      }
    },
    async usage() {
      const all = await uses.all(storage.db);
      for (const [clientId, seen] of unwritten) {
        all.set(clientId, mergeUse(all.get(clientId) ?? noUse, seen));
      }
      return all;
    },
  };
  return directory;
}

/** A Map keeps the order in which its keys came. */
function forgetOldest(known: Map<string, unknown>): void {
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_MAX) return;
    known.delete(oldest);
  }
}

type Known = KnownProgram | undefined;

async function readKnown({ peers, storage, tenant }: Deps, clientId: string): Promise<Known> {
  const rows = serviceRows(tenant);
  const row = await rows.find(storage.db, clientId);
  if (!row || row.suspended) return undefined;
  const [keys, owner] = await Promise.all([
    rows.keysOf(storage.db, row.serviceId),
    peers().findStaff(row.ownerId),
  ]);
  const { audiences, evidenceId, name, proves, ratePerMinute, role, scopes, serves, serviceId } =
    row;
  const registered = {
    serviceId,
    proves,
    scopes: new Set(Object.keys(scopes)),
    audiences,
    serves,
    ratePerMinute,
    keys,
    ownerActive: owner?.active === true,
    evidenceId,
  };
  return { clientId, name, role, registered };
}

/** Requests and refusals of each registered service, by minutes of this process. */
function createRates(clock: Deps['clock']): Pick<ServiceDirectory, 'spend' | 'isNews'> {
  let startedAtMs = clock.now();
  const spent = new Map<string, number>();
  const told = new Set<string>();
  const startAnew = () => {
    const nowMs = clock.now();
    if (nowMs - startedAtMs < WINDOW_MS && nowMs >= startedAtMs) return;
    startedAtMs = nowMs;
    spent.clear();
    told.clear();
  };
  return {
    isNews(clientId, because) {
      startAnew();
      const size = told.size;
      return told.add(`${clientId} ${because}`).size > size;
    },
    spend({ clientId, registered }) {
      if (!registered) return true;
      startAnew();
      const count = spent.get(clientId) ?? 0;
      if (count >= registered.ratePerMinute) return false;
      spent.set(clientId, count + 1);
      return true;
    },
  };
}
