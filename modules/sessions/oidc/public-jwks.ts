import type { JWK } from 'jose';

const publicMembers = ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use'] as const;

/** The public halves of private keys, member by member: nothing else is copied. */
export function publicJwks(keys: readonly JWK[]): { keys: JWK[] } {
  return {
    keys: keys.map((key) =>
      Object.fromEntries(
        publicMembers.flatMap((member) =>
          key[member] === undefined ? [] : [[member, key[member]]],
        ),
      ),
    ),
  };
}
