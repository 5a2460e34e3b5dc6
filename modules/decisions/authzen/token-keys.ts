import { hkdfSync } from 'node:crypto';
import { base64urlToBytes, type Clock } from '@proofline/kernel';
import {
  createLocalJWKSet,
  importJWK,
  jwtDecrypt,
  EncryptJWT,
  errors,
  jwtVerify,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';

/** What this room signs and seals with: the keys that are published at `jwks_uri`, newest first. */
export interface TokenKeys {
  /** A JWS of ours. `typ` keeps one kind of token from being taken for another (RFC 8725 §3.11). */
  sign(typ: string, claims: JWTPayload): Promise<string>;
  /** `undefined` unless it is ours, of this kind, for this audience, and not expired. */
  verify(typ: string, token: string, audience: string): Promise<JWTPayload | undefined>;
  /** Whether it would verify, had its time not run out. */
  isExpired(typ: string, token: string, audience: string): Promise<boolean>;
  /** A token that only we can read. */
  seal(claims: JWTPayload): Promise<string>;
  /** `undefined` unless it was sealed by us and is not expired. */
  unseal(token: string): Promise<JWTPayload | undefined>;
}

interface TokenKeysDeps {
  /** Private ES256 keys, the one that signs first. */
  readonly signingKeys: () => readonly JWK[];
  /** `https://staff.example`: who issues. */
  readonly issuer: string;
  readonly clock: Clock;
}

/** What is made of the keys, for as long as they are the same. */
interface ReadKeys {
  readonly of: readonly JWK[];
  readonly newest: JWK;
  readonly kid: string;
  readonly published: ReturnType<typeof createLocalJWKSet>;
  readonly sealing: readonly Uint8Array[];
}

/** @throws RangeError when there is none */
function readKeys(of: readonly JWK[]): ReadKeys {
  const [newest] = of;
  if (newest?.kid === undefined) throw new RangeError('decisions needs a signing key with a kid');
  const published = createLocalJWKSet({ keys: of.map(publicHalf) });
  return { of, newest, kid: newest.kid, published, sealing: of.map(sealingKey) };
}

/** Makes the keys. They are read when they are used first, and anew when they are others. */
export function createTokenKeys({ signingKeys, issuer, clock }: TokenKeysDeps): TokenKeys {
  let read: ReadKeys | undefined;
  const keys = (): ReadKeys => {
    const of = signingKeys();
    if (read?.of !== of) read = readKeys(of);
    return read;
  };
  const checks = () => ({ issuer, currentDate: new Date(clock.now()) });
  const orNothing = (reading: Promise<{ payload: JWTPayload }>) =>
    reading.then(
      ({ payload }) => payload,
      () => undefined,
    );
  const verified = (typ: string, token: string, audience: string) =>
    jwtVerify(token, keys().published, {
      ...checks(),
      typ,
      audience,
      algorithms: ['ES256'],
      requiredClaims: ['exp'],
    });
  return {
    async sign(typ, claims) {
      const { kid, newest } = keys();
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ, kid })
        .setIssuer(issuer)
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .sign(await importJWK(newest, 'ES256'));
    },
    verify: (...of) => orNothing(verified(...of)),
    isExpired: (...of) =>
      verified(...of).then(
        () => false,
        // jose looks at the time last, after the signature, the issuer and the audience.
        (error: unknown) => error instanceof errors.JWTExpired,
      ),
    seal: (claims) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuer(issuer)
        // As many as there are signing keys, and there is one.
        .encrypt(keys().sealing[0]!),
    async unseal(token) {
      for (const key of keys().sealing) {
        const options = {
          ...checks(),
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          requiredClaims: ['exp'],
        };
        const payload = await orNothing(jwtDecrypt(token, key, options));
        if (payload) return payload;
      }
      return undefined;
    },
  };
}

function publicHalf({ kty, crv, x, y, kid }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** A key of its own for sealing (RFC 5869), so that one key does not serve two purposes. */
function sealingKey({ d }: JWK): Uint8Array {
  const secret = base64urlToBytes(d ?? '');
  if (!secret) throw new RangeError('a signing key has no private half');
  return new Uint8Array(hkdfSync('sha256', secret, '', 'proofline authzen page tokens v1', 32));
}
