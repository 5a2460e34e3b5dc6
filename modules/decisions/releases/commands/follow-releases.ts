import type { DecisionsContext } from '../../context.ts';
import {
  checkSignature,
  compileStored,
  currentOf,
  UnsoundRelease,
} from '../domain/verify-release.ts';
import { followStage } from '../stages/follow-stage.ts';
import { readyGoingBack } from './going-back.ts';
import { newestHead, releasesAfter } from '../store/release-rows.ts';

/**
 * Takes the newest stored release when another one has become live, on this node or elsewhere.
 *
 * What is not signed as it stands is not taken: the last good release stays in force, and the fault
 * stays until the row is right again. The new set is compiled before it is swapped in, so no request
 * ever finds none.
 */
export async function followReleases(context: DecisionsContext): Promise<void> {
  try {
    await takeNewest(context);
    await followStage(context);
    context.releases.fault = undefined;
  } catch (error) {
    if (!(error instanceof UnsoundRelease)) {
      // Whoever stays behind must not say that it is ready; the next round may succeed.
      context.releases.fault ??= 'What is in force could not be read or compiled.';
      throw error;
    }
    await reportFault(context, error.message);
  }
  readyGoingBack(context);
}

async function takeNewest(context: DecisionsContext): Promise<void> {
  const { storage, tenant, releases } = context;
  const live = context.release();
  const head = await newestHead(storage.db, tenant);
  if (head === undefined || head.sequence < live.ref.sequence) {
    throw new UnsoundRelease(
      `Policy release ${live.ref.sequence} is in force here, but the database knows only ${head?.sequence ?? 'none'}: it was set back.`,
    );
  }
  if (head.sequence === live.ref.sequence) {
    if (head.digest === live.ref.digest && head.signature === live.signature) return;
    throw new UnsoundRelease(`The row of policy release ${head.sequence} was changed.`);
  }
  const newer = await releasesAfter(storage.db, tenant, live.ref.sequence);
  let { sequence, digest } = live.ref;
  for (const row of newer) {
    checkSignature(row, releases.signer);
    if (row.sequence !== sequence + 1 || row.previous_digest !== digest) {
      throw new UnsoundRelease(`Policy release ${row.sequence} does not follow ${sequence}.`);
    }
    ({ sequence, digest } = row);
  }
  const newest = newer.at(-1);
  if (newest === undefined) return;
  const set = await compileStored(newest, 'urgent');
  // Another request of this node may have gone further while the database answered.
  if (context.release().ref.sequence >= newest.sequence) return;
  context.setRelease(currentOf(newest, set));
}

/** Said once, not every second. */
async function reportFault(context: DecisionsContext, fault: string): Promise<void> {
  if (context.releases.fault === fault) return;
  context.releases.fault = fault;
  context.onReleaseFault?.(fault);
  const { sequence, digest } = context.release().ref;
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'policy.refused',
      facts: { fault, inForce: { sequence, digest } },
    }),
  );
}
