import type { Invariant } from '@proofline/policy';
import type { DecisionsContext } from '../../context.ts';
import type { PromisingSet } from '../domain/compare-promises.ts';
import { casesOf } from '../domain/verify-release.ts';
import { findRelease } from '../store/release-rows.ts';

/**
 * What must hold of whatever comes next: the invariants of the live release; of one from before releases
 * had any, those of the server’s folder.
 */
export function invariantsInForce({ release, releases }: DecisionsContext): readonly Invariant[] {
  const { invariants } = release().set;
  return invariants.length > 0 ? invariants : releases.folderInvariants;
}

/** What the live release promises. */
export async function livePromises(context: DecisionsContext): Promise<PromisingSet> {
  const { set, ref } = context.release();
  const row = await findRelease(context.storage.db, context.tenant, ref.sequence);
  return { set, invariants: invariantsInForce(context), cases: row ? casesOf(row) : [] };
}
