import { sha256Base64url } from '@proofline/kernel/node';
import type { EvidenceEntry } from '../entry.ts';
import { readStanding, type Standing, type StandingEntries } from './standing.ts';

/** The kinds of entry that explain why something is gone. */
export const erasureKinds = ['erasure.fields', 'erasure.entries', 'erasure.pruned'] as const;

/**
 * What is kept of the id of an erased entry: its SHA-256, base64url. Whoever holds the id, because
 * another entry names it as its cause, finds the place; whoever does not can compute neither the id
 * nor, lacking it, the leaf from its hash.
 */
export function erasedIdHash(evidenceId: string): string {
  return sha256Base64url(evidenceId);
}

/** Personal fields of one data subject in one entry. */
export interface FieldsOf {
  /** Pseudonym of the data subject. */
  readonly subject: string;
  readonly retention: string;
  /** `2026-11`: when the entry was recorded. */
  readonly month: string;
}

/** What one entry `erasure.…` explains. */
export interface Erasure {
  /** Its own place in the log. */
  readonly index: number;
  readonly kind: (typeof erasureKinds)[number];
}

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;
const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';

/** The fields that an entry `erasure.fields` speaks of. Without a class and a month: all of a subject. */
interface FieldScope {
  readonly retention: string | undefined;
  /** Only of months before this one. */
  readonly before: string | undefined;
  readonly except: ReadonlySet<string>;
}

/**
 * All erasures that a log, or a part of it, tells of. They are taken in as they are found; an
 * erasure only ever explains what lies before it.
 */
export class ErasureRecord {
  readonly #entries = new Map<number, { readonly idHash: string; readonly by: Erasure }>();
  readonly #prunes: { readonly below: number; readonly left: Standing; readonly by: Erasure }[] =
    [];
  readonly #ofSubject = new Map<string, { readonly scope: FieldScope; readonly by: Erasure }[]>();
  readonly #ofAll: { readonly scope: FieldScope; readonly by: Erasure }[] = [];

  /** Takes in an entry of one of {@link erasureKinds}; answers false for any other or a misshapen one. */
  add(entry: EvidenceEntry, index: number): boolean {
    const kind = erasureKinds.find((one) => one === entry.kind);
    if (kind === undefined) return false;
    const by: Erasure = { index, kind };
    if (kind === 'erasure.entries') return this.#addEntries(entry.facts['entries'], by);
    if (kind === 'erasure.pruned') return this.#addPrune(entry, by);
    return this.#addFields(entry, by);
  }

  /** The erasure that took the leaf at this place, whose id had this hash. */
  ofLeaf(index: number, idHash: string): Erasure | undefined {
    const one = this.#entries.get(index);
    if (one?.idHash === idHash) return one.by;
    return this.#prunes.find(({ below }) => index < below)?.by;
  }

  /**
   * Prunes below which an entry is gone that they left, or that they never saw. A prune names no place
   * that it took; it is this that keeps a hole from hiding in it.
   */
  prunesBelied(standing: StandingEntries): readonly Erasure[] {
    return this.#prunes
      .filter(({ below, left }) => !standing.areAsLeft(below, left))
      .map(({ by }) => by);
  }

  /** The erasure that took personal fields of the entry at this place. */
  ofFields(index: number, { subject, retention, month }: FieldsOf): Erasure | undefined {
    const known = [...(this.#ofSubject.get(subject) ?? []), ...this.#ofAll];
    return known.find(
      ({ scope, by }) =>
        index < by.index &&
        (scope.retention ?? retention) === retention &&
        (scope.before === undefined || month < scope.before) &&
        !scope.except.has(subject),
    )?.by;
  }

  #addEntries(entries: unknown, by: Erasure): boolean {
    if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return false;
    for (const [place, idHash] of Object.entries(entries)) {
      const index = Number(place);
      if (!isIndex(index) || String(index) !== place || index >= by.index) return false;
      if (!isText(idHash)) return false;
      if (!this.#entries.has(index)) this.#entries.set(index, { idHash, by });
    }
    return true;
  }

  #addPrune({ facts }: EvidenceEntry, by: Erasure): boolean {
    const { below } = facts;
    const left = readStanding(facts['standing']);
    if (!isIndex(below) || below > by.index || !left) return false;
    this.#prunes.push({ below, left, by });
    return true;
  }

  #addFields({ facts, refs }: EvidenceEntry, by: Erasure): boolean {
    const { retention, before, except = [] } = facts;
    const subject = refs['erasedPseudonym'];
    if (retention !== undefined && !isText(retention)) return false;
    if (before !== undefined && !(isText(before) && MONTH.test(before))) return false;
    if (!Array.isArray(except) || !except.every(isText)) return false;
    const scope = { retention, before, except: new Set(except.map(String)) };
    if (subject !== undefined) {
      this.#ofSubject.set(subject, [...(this.#ofSubject.get(subject) ?? []), { scope, by }]);
      return true;
    }
    // Of everybody, only what is of one class and past its time: never all there is.
    if (retention === undefined || before === undefined) return false;
    this.#ofAll.push({ scope, by });
    return true;
  }
}

/** The month of an entry, as the keys of its personal fields are named: `2026-11`. */
export function monthOf(at: string): string {
  return at.slice(0, 7);
}
