import type { LevelFacts } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Acr, Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';

/** What a kept credential may be worth; `none` is refused outright. */
export type CredentialLevel = Acr | 'none';

/** A credential as the room that keeps it hands it over to be judged anew. */
export interface KeptCredential extends LevelFacts {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: string;
  /** The entry of its registration. */
  readonly evidenceId: Id<'evt'>;
  /** What it was worth at its registration. */
  readonly acr: Acr;
  /** What it may be worth at most, when somebody weaker vouched for it. */
  readonly atMost?: Acr | undefined;
}

/** The credentials of one realm, page by page in the order of their ids. */
export interface CredentialSource {
  readonly realm: Realm;
  page(after: Id<'ath'> | undefined, limit: number): Promise<readonly KeptCredential[]>;
  /** Keeps what its subjects are told, in the transaction of the changes. */
  note?(tx: Db, changes: readonly NotedChange[]): Promise<void>;
}

/** A change with the entry that says it. */
export interface NotedChange extends LevelChange {
  readonly evidenceId: Id<'evt'>;
  readonly isFall: boolean;
}

/** A credential that is worth something else than before. */
export interface LevelChange {
  readonly credential: KeptCredential;
  readonly realm: Realm;
  readonly before: CredentialLevel;
  readonly level: CredentialLevel;
}

const ranks: Readonly<Record<CredentialLevel, number>> = { none: 0, phr: 1, phrh: 2 };

/** Whether a change takes something away. */
export function isFall({ before, level }: Pick<LevelChange, 'before' | 'level'>): boolean {
  return ranks[level] < ranks[before];
}

/** The weaker of a judgement and what the credential may be worth at most. */
export function capped(level: CredentialLevel, atMost: Acr | undefined): CredentialLevel {
  return atMost !== undefined && ranks[atMost] < ranks[level] ? atMost : level;
}

/** How many credentials of a realm stand at each level. */
export type LevelCounts = Readonly<Record<CredentialLevel, number>>;

/** What a sweep found. */
export interface SweepReport {
  readonly at: Date;
  readonly seen: number;
  readonly fell: number;
  readonly rose: number;
  readonly levels: Readonly<Record<Realm, LevelCounts>>;
}
