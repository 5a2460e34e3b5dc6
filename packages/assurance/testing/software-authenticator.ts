import { base64urlToBytes, bytesToBase64url, systemRandom, type Random } from '@proofline/kernel';
import type {
  AssertionOptionsJson,
  CeremonyCredential,
  RegistrationOptionsJson,
} from '../types.ts';
import { answerAssertion, answerRegistration } from './answer.ts';
import { keyKinds, type KeyKind } from './credential-key.ts';
import type { AssertionRequest, HeldCredential, RegistrationRequest } from './held-credential.ts';
import type { TestAuthority } from './test-authority.ts';

interface SoftwareAuthenticatorOptions {
  /** `device-bound`: BE = 0 and a counter. `synced`: BE = BS = 1, no counter, no attestation. */
  readonly kind: 'device-bound' | 'synced';
  /** Attests a device-bound authenticator's hardware; without it there is no statement. */
  readonly authority?: TestAuthority;
  readonly keyKind?: KeyKind;
  readonly random?: Random;
}

/** A {@link SoftwareAuthenticator} as it is kept between runs. */
export interface SoftwareAuthenticatorJson {
  readonly kind: 'device-bound' | 'synced';
  readonly keyKind: KeyKind;
  readonly credentials: readonly HeldCredential[];
}

/** An authenticator and the client in front of it, without a browser. */
export interface SoftwareAuthenticator {
  /** @throws Error as a browser does: an RP ID foreign to the origin, an excluded credential. */
  register(request: RegistrationRequest): Promise<CeremonyCredential>;
  /** @throws Error when no credential fits. */
  assert(request: AssertionRequest): Promise<CeremonyCredential>;
  readonly credentials: readonly Readonly<HeldCredential>[];
  /** The thief's copy: same keys, counters as they are now. */
  clone(): SoftwareAuthenticator;
  export(): SoftwareAuthenticatorJson;
}

/** Makes an empty authenticator. */
export function createSoftwareAuthenticator(
  options: SoftwareAuthenticatorOptions,
): SoftwareAuthenticator {
  return build(options, []);
}

/** Brings back an authenticator that was kept. */
export function importSoftwareAuthenticator(
  json: SoftwareAuthenticatorJson,
  options: Pick<SoftwareAuthenticatorOptions, 'authority' | 'random'> = {},
): SoftwareAuthenticator {
  return build({ ...options, kind: json.kind, keyKind: json.keyKind }, json.credentials);
}

function build(
  options: SoftwareAuthenticatorOptions,
  kept: readonly HeldCredential[],
): SoftwareAuthenticator {
  const held = kept.map((credential) => ({ ...credential }));
  return {
    credentials: held,
    async register(request) {
      const publicKey = readRegistrationOptions(request.options);
      requireOwnRpId(publicKey.rp.id, request);
      const excluded = publicKey.excludeCredentials.map(({ id }) => id);
      if (held.some(({ credentialId }) => excluded.includes(credentialId))) {
        throw new Error('InvalidStateError: this authenticator is registered already');
      }
      const credential = createCredential(options, publicKey);
      const answer = answerRegistration({ device: options, credential, publicKey, request });
      // As real ones do: a passkey of the same site and user handle is replaced (WebAuthn L3 §6.3.2 step 7).
      const place = held.findIndex(
        ({ rpId, userHandle }) => rpId === credential.rpId && userHandle === credential.userHandle,
      );
      if (place === -1) held.push(credential);
      else held[place] = credential;
      return answer;
    },
    async assert(request) {
      const publicKey = readAssertionOptions(request.options);
      requireOwnRpId(publicKey.rpId, request);
      const credential = pick(held, publicKey, request.credentialId);
      if (options.kind === 'device-bound') credential.counter += 1;
      return answerAssertion({ device: options, credential, publicKey, request });
    },
    clone: () => build(options, held),
    export: () => ({
      kind: options.kind,
      keyKind: options.keyKind ?? 'ES256',
      credentials: held.map((credential) => ({ ...credential })),
    }),
  };
}

function createCredential(
  options: SoftwareAuthenticatorOptions,
  publicKey: RegistrationOptionsJson,
): HeldCredential {
  const keyKind = options.keyKind ?? 'ES256';
  const { privateKey } = keyKinds[keyKind].generate();
  return {
    credentialId: bytesToBase64url((options.random ?? systemRandom).bytes(32)),
    rpId: publicKey.rp.id,
    userHandle: publicKey.user.id,
    keyKind,
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    counter: options.kind === 'device-bound' ? 1 : 0,
  };
}

function pick(
  held: readonly HeldCredential[],
  { allowCredentials, rpId }: AssertionOptionsJson,
  wanted: string | undefined,
): HeldCredential {
  const allowed = allowCredentials.map(({ id }) => id);
  const fitting = held.filter(
    ({ credentialId, ...credential }) =>
      credential.rpId === rpId &&
      (allowed.length === 0 || allowed.includes(credentialId)) &&
      (wanted === undefined || wanted === credentialId),
  );
  const newest = fitting.at(-1);
  if (newest === undefined) throw new Error('NotAllowedError: no credential fits');
  return newest;
}

// A client refuses an RP ID that is not the origin's host or a parent of it (WebAuthn L3 §5.1.3 step 8).
function requireOwnRpId(rpId: string, { origin, misbehave }: RegistrationRequest): void {
  const host = new URL(origin).hostname;
  if (host === rpId || host.endsWith(`.${rpId}`)) return;
  if (misbehave?.origin !== undefined) return;
  throw new Error(`SecurityError: ${rpId} is not an RP ID of ${origin}`);
}

function readRegistrationOptions(options: unknown): RegistrationOptionsJson {
  // Our own server wrote it; a malformed one fails at the first member that is read.
  const read = options as RegistrationOptionsJson;
  if (base64urlToBytes(read.user.id) === undefined) throw new Error('TypeError: user.id');
  return { ...read, excludeCredentials: read.excludeCredentials ?? [] };
}

function readAssertionOptions(options: unknown): AssertionOptionsJson {
  // As above.
  const read = options as AssertionOptionsJson;
  if (base64urlToBytes(read.challenge) === undefined) throw new Error('TypeError: challenge');
  return { ...read, allowCredentials: read.allowCredentials ?? [] };
}
