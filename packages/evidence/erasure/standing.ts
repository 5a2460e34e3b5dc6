import type { JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';

/**
 * Domains of entries that nothing rests on once they are told: not a policy in force, not a switch, a
 * registration, a passkey, nor what the log says of itself. What is not here is never erased whole, so
 * that what was narrowed cannot be widened by taking away the entry that says so (P7). A new domain is
 * not here until somebody thought of it. A prune of before tells what stood by the list of its own time:
 * whoever changes the list keeps the old one under its number.
 */
const erasableDomains: ReadonlySet<string> = new Set([
  'approval',
  'assertion',
  'break-glass',
  'case',
  'decision',
  'enrolment',
  'evidence',
  'grant',
  'interaction',
  'onboarding',
  'person',
  'proof',
  'request',
  'session',
  'sign-in-request',
]);
const LIST = 1;

/** Whether the bytes of such an entry may ever go. */
export function isErasable(kind: string): boolean {
  return erasableDomains.has(kind.slice(0, kind.indexOf('.')));
}

/** What a prune says of the entries below it that it leaves: how many, and which, as a digest. */
export interface Standing {
  readonly list: typeof LIST;
  readonly count: number;
  readonly digest: string;
}

/** Of the places of all entries below a prune that are not {@link isErasable}, rising. */
export function standingAt(places: readonly number[]): Standing & JsonObject {
  return { list: LIST, count: places.length, digest: sha256Base64url(places.join(' ')) };
}

/** Reads a fact as {@link Standing}. */
export function readStanding(value: unknown): Standing | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const read = (name: string): unknown => Reflect.get(value, name);
  const [list, count, digest] = [read('list'), read('count'), read('digest')];
  if (list !== LIST || typeof count !== 'number' || typeof digest !== 'string') return undefined;
  return { list, count, digest };
}

/** The entries of a whole log on which something rests, set against what its prunes say they left. */
export class StandingEntries {
  readonly #places: number[] = [];

  /** Told of every entry whose bytes are there, in the order of the log. */
  see(index: number, kind: string): void {
    if (!isErasable(kind)) this.#places.push(index);
  }

  /** Whether all is there, and nothing else, that stood when everything below an index was pruned. */
  areAsLeft(below: number, left: Standing): boolean {
    const found = standingAt(this.#places.filter((index) => index < below));
    return found.count === left.count && found.digest === left.digest;
  }
}
