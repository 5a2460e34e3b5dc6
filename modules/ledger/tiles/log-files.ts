import { parseTilePath, TILE_WIDTH, type TileRef } from '@proofline/evidence';
import { ProblemError } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { EvidenceReceipts, LogFile, LogFiles } from '../types.ts';
import type { Witnesses } from '../witnesses/create-witnesses.ts';
import { openPass, type PassClaims } from './log-pass.ts';
import { readEntryTile, readHashTile, stretchOf } from './read-tile.ts';

/** Bundles that one entry `evidence.log-read` tells of: 16,384 entries of the log. */
const BUNDLES_TOLD_AT_ONCE = 64;
/** Readings whose stretches are remembered; of one that is forgotten, a stretch is told twice. */
const READINGS_MAX = 1_000;

const HASHES = { type: 'application/octet-stream', lasts: true } as const;

/**
 * The log as C2SP tlog-tiles has it, at the newest published checkpoint and never beyond. Hashes are
 * for anybody; entries say what happened, so they need a pass, which a permitted export gives.
 *
 * A tile of entries is not answered before an entry says that its stretch of the log was read (P3).
 * One for each tile would make every reading of the log a two-hundredth part of it longer.
 */
export function createLogFiles(parts: {
  readonly context: Context;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceReceipts;
  readonly witnesses?: Pick<Witnesses, 'noteOf'> | undefined;
}): LogFiles {
  const { context, sequencer, witnesses } = parts;
  const told = createToldStretches(parts);

  async function entries(tile: TileRef, pass: string | undefined): Promise<LogFile | undefined> {
    if (pass === undefined) throw new ProblemError('token.missing');
    const claims = openPass(context, pass);
    if (!claims || (await context.mayStillRead?.(claims)) !== true) {
      throw new ProblemError('token.invalid');
    }
    const stretch = stretchOf(tile, sequencer.published().size);
    if (!stretch) return undefined;
    await told.tell(claims, tile.index);
    const bytes = await readEntryTile(context, stretch);
    const { exportId } = claims;
    return { type: HASHES.type, lasts: false, bytes, exportId };
  }

  return {
    async find(path, pass) {
      if (path === 'checkpoint') {
        const head = sequencer.published();
        const note = (await witnesses?.noteOf(head)) ?? head.checkpoint;
        const bytes = new Uint8Array(Buffer.from(note));
        return { type: 'text/plain; charset=utf-8', lasts: false, bytes };
      }
      const tile = parseTilePath(path);
      if (!tile) return undefined;
      if (tile.level === 'entries') return entries(tile, pass);
      const stretch = stretchOf(tile, sequencer.published().size);
      return stretch && { ...HASHES, bytes: await readHashTile(context, tile.level, stretch) };
    },
  };
}

/** Which stretches each reading was told of. */
function createToldStretches({ writer }: { readonly writer: EvidenceReceipts }) {
  const readings = new Map<string, Map<number, Promise<void>>>();

  function stretchesOf(exportId: string): Map<number, Promise<void>> {
    const known = readings.get(exportId) ?? new Map<number, Promise<void>>();
    readings.set(exportId, known);
    for (const oldest of readings.keys()) {
      if (readings.size <= READINGS_MAX) break;
      readings.delete(oldest);
    }
    return known;
  }

  async function record({ exportId, readerId }: PassClaims, facts: object): Promise<void> {
    await writer.append({
      kind: 'evidence.log-read',
      refs: { exportId },
      subjects: { actor: readerId },
      facts: { ...facts },
    });
  }

  return {
    /** Resolves when the log says that the stretch of this bundle was read. */
    tell(claims: PassClaims, bundle: number): Promise<void> {
      const stretches = stretchesOf(claims.exportId);
      const stretch = Math.floor(bundle / BUNDLES_TOLD_AT_ONCE);
      const firstIndex = stretch * BUNDLES_TOLD_AT_ONCE * TILE_WIDTH;
      // Of the whole stretch: where the log ends within it, what comes later is told of as well.
      const lastIndex = firstIndex + BUNDLES_TOLD_AT_ONCE * TILE_WIDTH - 1;
      const telling = stretches.get(stretch) ?? record(claims, { firstIndex, lastIndex });
      stretches.set(stretch, telling);
      // What could not be written is tried again for the next who asks.
      return telling.catch((error: unknown) => {
        stretches.delete(stretch);
        throw error;
      });
    },
  };
}
