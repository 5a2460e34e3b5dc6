import type { ReleaseRef } from '@proofline/protocol';
import type { ReleaseSigner } from '../domain/release-signer.ts';
import type { DecisionInput, Facts } from '../../types.ts';
import { deskOf, isIn, type TakenStage } from './stage-state.ts';

/** What is in force at one moment: everything that is decided by it is decided by the same. */
export interface ReleaseView<Release> {
  readonly live: Release;
  readonly stage: TakenStage<Release> | undefined;
  /** The one release that decides a question, whole: by who asks, never by what they ask or say. */
  of(input: Pick<DecisionInput, 'subject'>, known: ReadonlyMap<string, Facts>): Release;
}

/** @see ReleaseView */
export function createReleaseView<Release extends { readonly ref: ReleaseRef }>(
  live: Release,
  stage: TakenStage<Release> | undefined,
  signer: Pick<ReleaseSigner, 'bucketOf'>,
): ReleaseView<Release> {
  return {
    live,
    stage,
    of({ subject: { type, id } }, known) {
      if (stage === undefined) return live;
      const person = { type, id, desk: deskOf(known.get('staff')?.values) };
      const bucketOf = () => signer.bucketOf(live.ref.digest, id);
      return isIn(stage.audience, person, bucketOf) ? stage.release : live;
    },
  };
}
