import type { Id } from '@proofline/kernel';

/** Something that may be among the results of a search. */
export interface Candidate {
  readonly id: string;
  /** Of a subject: the session in which it is asked about, where the search names none. */
  readonly sessionId?: Id<'ses'>;
}

/** Knows the subjects or records of one type; registered by their owner at composition. */
export interface Enumerator {
  /** `Staff`, `Interaction`, … as the schema names it. */
  readonly type: string;
  /**
   * The next candidates in ascending order of their ids (by code unit), beginning after `after`. It
   * lists what there is; who may hear of it is decided, candidate by candidate, by the policies.
   */
  list(page: {
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<readonly Candidate[]>;
}

/** An enumerator of ids that are known beforehand. */
export function enumeratorOf(type: string, ids: readonly string[]): Enumerator {
  const sorted = ids.toSorted();
  return {
    type,
    list: async ({ after, limit }) =>
      sorted
        .filter((id) => after === undefined || id > after)
        .slice(0, limit)
        .map((id) => ({ id })),
  };
}
