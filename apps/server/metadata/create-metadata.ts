import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  metadataInUse,
  metadataState,
  readMetadataBlob,
  type MetadataBlob,
  type MetadataInUse,
  type MetadataState,
} from '@proofline/assurance';
import type { Clock } from '@proofline/kernel';
import { describeError } from '@proofline/protocol';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { metadataSource } from './metadata-source.ts';

/** What metadata is like, for people. */
export interface MetadataReport {
  readonly state: MetadataState | 'unused';
  readonly no?: number;
  readonly nextUpdateMs?: number;
  /** From then on it vouches for nobody. */
  readonly vouchesUntilMs?: number;
  readonly models?: number;
  /** Why the last attempt to renew it failed. */
  readonly fault?: string;
}

/** The makers' metadata: read, kept for a start without a network, and renewed. */
export interface Metadata {
  /** For the ceremonies; `undefined` when none is configured. */
  inUse(): MetadataInUse | undefined;
  report(): MetadataReport;
  /** At a start: what was kept, and a file. An address is not waited for. */
  load(): Promise<void>;
  /** Looks whether there is something newer; true when it is in use now. Never throws. */
  refresh(): Promise<boolean>;
}

const DAY_MS = 86_400_000;

interface Ports {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Doctor looks and leaves no trace. */
  readonly readOnly?: boolean;
}

/** Makes it, empty: before `load` it vouches for nobody. */
export function createMetadata(
  config: Config,
  { clock, logger, readOnly = false }: Ports,
): Metadata {
  const { PROOFLINE_METADATA: place, PROOFLINE_METADATA_ROOTS: roots } = config;
  if (place === undefined || roots === undefined) return unused;
  const source = metadataSource(place);
  const kept = join(config.PROOFLINE_DATA_DIRECTORY, 'metadata-blob.jwt');
  const graceMs = config.PROOFLINE_METADATA_GRACE_DAYS * DAY_MS;
  let blob: MetadataBlob | undefined;
  let used = metadataInUse(blob, { graceMs });
  let fault: string | undefined;

  /** Takes a blob that is good and not older than the one in use. */
  const take = (jwt: string): boolean => {
    const signer = config.PROOFLINE_METADATA_SIGNER;
    const after = blob === undefined ? {} : { after: blob.no };
    const read = readMetadataBlob({ jwt, roots, signer, nowMs: clock.now(), ...after });
    fault = read.ok ? undefined : read.error;
    if (!read.ok) return false;
    blob = read.value;
    used = metadataInUse(blob, { graceMs });
    return true;
  };
  const refresh = async () => {
    try {
      const jwt = await source.read(clock.now());
      if (jwt === undefined) return false;
      if (!take(jwt)) {
        logger.error(
          { fault },
          'the metadata of authenticators was not believed; the one before stays',
        );
        return false;
      }
      if (!readOnly) await keep(kept, jwt);
      return true;
    } catch (error) {
      fault = 'unreachable';
      logger.error(describeError(error), 'the metadata of authenticators cannot be had');
      return false;
    }
  };
  return {
    inUse: () => used,
    report: () => ({
      state: metadataState(blob, { graceMs, nowMs: clock.now() }),
      ...(blob && {
        no: blob.no,
        nextUpdateMs: blob.nextUpdateMs,
        vouchesUntilMs: used.vouchesUntilMs,
        models: blob.models.size,
      }),
      ...(fault !== undefined && { fault }),
    }),
    async load() {
      const jwt = await readFile(kept, 'utf8').catch(() => undefined);
      if (jwt !== undefined) take(jwt);
      if (source.isLocal) await refresh();
    },
    refresh,
  };
}

const unused: Metadata = {
  inUse: () => undefined,
  report: () => ({ state: 'unused' }),
  load: () => Promise.resolve(),
  refresh: () => Promise.resolve(false),
};

/** In one step: a start in between finds the old one or the new one. */
async function keep(path: string, jwt: string): Promise<void> {
  await writeFile(`${path}.new`, jwt, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
