import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Clock, Random } from '@proofline/kernel';
import { generateKeyPairSync } from 'node:crypto';
import type { Realm } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { publicJwks } from '../oidc/public-jwks.ts';
import { goodKeys, keysAt, type KeyRow, type KeysAt } from './domain/key-ring.ts';
import { createKeySealer } from './domain/seal-key.ts';
import { keyRows } from './store/key-rows.ts';

/** A private key with its name. */
export type SigningJwk = JWK & { readonly kid: string };

/** The issuer's signing keys, as they stand now. */
export interface KeyRing {
  /** Private halves that are here, the one that signs first. The same list as long as nothing changes. */
  good(): readonly SigningJwk[];
  /** Verifies with whatever is published now. */
  readonly jwks: JWTVerifyGetKey;
  readonly at: () => KeysAt;
  /** Calls whenever another key is good, or signs; at once, too. */
  onChange(listener: (keys: readonly SigningJwk[]) => void): void;
  /**
   * Reads what other processes have written.
   *
   * @throws when the table has a row that none of them wrote, or lacks one; what is true is followed anyhow
   */
  follow(): Promise<void>;
  /** The same, and answers what is wrong. */
  read(): Promise<Error | undefined>;
  readonly rows: ReturnType<typeof keyRows>;
}

interface Deps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** Whose issuer signs with them: what one realm’s ring has signed is worth nothing in the other. */
  readonly realm: Realm;
  /** Of the settings, newest first; none: what stands here until the first one is read signs for nobody else. */
  readonly signingKeys: readonly JWK[];
  readonly kek: Uint8Array;
}

/** One view of the keys, until the moment at which it is another. */
interface View {
  readonly at: KeysAt;
  readonly good: readonly SigningJwk[];
  readonly verify: JWTVerifyGetKey;
}

/** @see KeyRing */
export function createKeyRing(deps: Deps): KeyRing {
  const { clock, storage } = deps;
  const named = deps.signingKeys.map(withName);
  const rows = keyRows({
    tenant: deps.tenant,
    realm: deps.realm,
    sealer: createKeySealer(deps.kek, deps.random),
    ofSettings: new Map(named.map((key) => [key.kid, key])),
  });
  // Until the rows are read, and where there are none: what the settings say.
  let known: readonly KeyRow[] = rowsOfSettings(named.length > 0 ? named : [unwritten()]);
  let view = viewOf(known, clock.now());
  const listeners: ((keys: readonly SigningJwk[]) => void)[] = [];
  const renew = () => {
    view = viewOf(known, clock.now());
    for (const listener of listeners) listener(view.good);
  };
  const now = () => {
    if (clock.now() >= view.at.changesAtMs) renew();
    return view;
  };
  /** Takes what is new, and says what is wrong: a key that was good stays so, whoever removes its row. */
  const read = async (): Promise<Error | undefined> => {
    const newest = Math.max(-1, ...known.map(({ sequence }) => sequence));
    if ((await rows.newestSequence(storage.db)) === newest) return undefined;
    const { foreign, rows: found } = await rows.all(storage.db);
    const missing = known.filter(
      ({ kid, sequence }) => sequence >= 0 && !found.some((one) => one.kid === kid),
    );
    if (found.length > 0) {
      known = [...found, ...missing];
      renew();
    }
    if (missing.length > 0) return new Error('signing_keys lacks a row that was there');
    return foreign;
  };
  return {
    good: () => now().good,
    at: () => now().at,
    jwks: (...of) => now().verify(...of),
    onChange(listener) {
      listeners.push(listener);
      listener(now().good);
    },
    read,
    async follow() {
      const fault = await read();
      if (fault) throw fault;
    },
    rows,
  };
}

/** A key that this process alone knows, and forgets once there is one that is written down. */
function unwritten(): SigningJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return withName({ ...privateKey.export({ format: 'jwk' }), kid: 'unwritten' });
}

function withName(key: JWK): SigningJwk {
  if (!key.kid) throw new Error('sessions needs signing keys with a kid');
  // Alike for all, or the library would prefer the one that says more.
  return { ...key, kid: key.kid, alg: 'ES256', use: 'sig' };
}

/** Settings list the newest first; none of these has a row yet. */
function rowsOfSettings(keys: readonly SigningJwk[]): KeyRow[] {
  return keys.map((key, index) => ({
    sequence: -1 - index,
    kid: key.kid,
    publicJwk: publicHalf(key),
    privateJwk: key,
    publishedAtMs: 0,
    signsFromMs: 0,
    olderUntilMs: Number.MAX_SAFE_INTEGER,
    because: 'settings',
  }));
}

/** A key of the settings without what makes it private. */
export function publicHalf(key: JWK): JWK {
  return publicJwks([key]).keys[0]!;
}

function viewOf(rows: readonly KeyRow[], nowMs: number): View {
  const at = keysAt(rows, nowMs);
  const standing = goodKeys(at);
  return {
    at,
    good: standing.flatMap(({ kid, privateJwk }) =>
      privateJwk ? [{ ...privateJwk, kid, alg: 'ES256', use: 'sig' }] : [],
    ),
    verify: createLocalJWKSet({ keys: standing.map(({ publicJwk }) => publicJwk) }),
  };
}
