import { canonicalJson, type Json } from '@proofline/kernel';
import type { Invariant } from './invariant.ts';

/** What the digest of a release names of an invariant: all of it, its sentence too. */
export function canonicalInvariant(invariant: Invariant): string {
  return canonicalJson(plain(invariant));
}

/** What an invariant holds, without the words that people read. */
export function substanceOf({ about, ahead, assuming, claim }: Invariant): string {
  return canonicalJson(plain({ about, ahead, assuming, claim }));
}

function plain(value: object): Json {
  // What `JSON.parse` answers is JSON; the pass through text drops members that are `undefined`.
  return JSON.parse(JSON.stringify(value)) as Json;
}
