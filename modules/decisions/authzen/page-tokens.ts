import { canonicalJson, type Clock, type JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import type { TokenKeys } from './token-keys.ts';

/** How long a search may be continued: what it was about will have changed after that. */
const GOOD_SECONDS = 600;

/** Continues a search: for this caller, for this question, for ten minutes. */
export interface PageTokens {
  /** Sealed, because the place where a search stopped names a record that may not be known. */
  make(query: JsonObject, after: string): Promise<string>;
  /** @throws ProblemError `request.malformed` when it is none of ours, or of another search */
  read(query: JsonObject, token: string): Promise<string>;
}

export function createPageTokens(keys: TokenKeys, clock: Clock): PageTokens {
  return {
    make: (query, after) =>
      keys.seal({
        after,
        query: digestOf(query),
        exp: Math.floor(clock.now() / 1000) + GOOD_SECONDS,
      }),
    async read(query, token) {
      const { after, query: asked } = (await keys.unseal(token)) ?? {};
      if (typeof after !== 'string' || asked !== digestOf(query)) {
        const detail = 'This page token is of another search, or has expired. Begin anew.';
        throw new ProblemError('request.malformed', { detail });
      }
      return after;
    },
  };
}

function digestOf(query: JsonObject): string {
  return sha256Base64url(canonicalJson(query));
}
