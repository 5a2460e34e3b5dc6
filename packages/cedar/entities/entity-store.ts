import type { CedarRecord, EntityUid } from '../values/value.ts';

/** An entity with what is known of it. */
export interface Entity {
  readonly uid: EntityUid;
  readonly attributes: CedarRecord;
  readonly tags: CedarRecord;
  /** Every entity above it, at any distance (the hierarchy's transitive closure), itself not. */
  readonly ancestors: readonly EntityUid[];
  /** Whether `uid` is one of its ancestors. */
  isBelow(uid: EntityUid): boolean;
}

/** The entities that a request is decided with. */
export interface EntityStore {
  find(uid: EntityUid): Entity | undefined;
}
