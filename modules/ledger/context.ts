import { logSigner, type LogSigner } from '@proofline/evidence';
import { RecentEntries } from './domain/recent-entries.ts';
import { createSealer, type Sealer } from './domain/seal.ts';
import { disclosureRows } from './store/disclosure-rows.ts';
import { entryRows } from './store/entry-rows.ts';
import { facetRows } from './store/facet-rows.ts';
import { headRows } from './store/head-rows.ts';
import { keyRows } from './store/key-rows.ts';
import { nodeRows } from './store/node-rows.ts';
import { outboxRows } from './store/outbox-rows.ts';
import { pseudonymRows } from './store/pseudonym-rows.ts';
import { refRows } from './store/ref-rows.ts';
import { reachRows } from './store/reach-rows.ts';
import type { LedgerDeps } from './types.ts';

/** What every part of the ledger works with. */
export interface Context extends LedgerDeps {
  readonly signer: LogSigner;
  readonly sealer: Sealer;
  readonly rows: ReturnType<typeof allRows>;
  /** What this process recorded and has not seen in the log yet. */
  readonly recent: RecentEntries;
}

/** @throws RangeError when a key has the wrong length or the origin cannot name a log. */
export function createContext(deps: LedgerDeps): Context {
  return {
    ...deps,
    signer: logSigner(deps.origin, deps.signingSeed),
    sealer: createSealer(deps.kek, deps.random),
    rows: allRows(deps.tenant),
    recent: new RecentEntries(),
  };
}

function allRows(tenant: string) {
  return {
    outbox: outboxRows(tenant),
    entries: entryRows(tenant),
    refs: refRows(tenant),
    nodes: nodeRows(tenant),
    head: headRows(tenant),
    pseudonyms: pseudonymRows(tenant),
    keys: keyRows(tenant),
    disclosures: disclosureRows(tenant),
    facets: facetRows(tenant),
    reach: reachRows(tenant),
  };
}
