import { encodeCBOR, type CBORType } from '@levischuck/tiny-cbor';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';
import type {
  AssertionOptionsJson,
  CeremonyCredential,
  RegistrationOptionsJson,
} from '../types.ts';
import {
  attestedCredentialBytes,
  authenticatorDataBytes,
  concatBytes,
} from './authenticator-bytes.ts';
import { coseKey, keyKinds, signWith } from './credential-key.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { keysOf, type HeldCredential, type RegistrationRequest } from './held-credential.ts';
import type { TestAuthority } from './test-authority.ts';

interface Answering<Options> {
  readonly device: { readonly kind: 'device-bound' | 'synced'; readonly authority?: TestAuthority };
  readonly credential: HeldCredential;
  readonly publicKey: Options;
  readonly request: RegistrationRequest;
}

// A synced passkey without attestation names no model.
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** What `navigator.credentials.create` would answer (WebAuthn L3 §5.1.3, §6.3.2). */
export function answerRegistration(
  answering: Answering<RegistrationOptionsJson>,
): CeremonyCredential {
  const { credential, device, publicKey, request } = answering;
  const lies = request.misbehave ?? {};
  const clientData = clientDataBytes('webauthn.create', publicKey.challenge, request);
  const authData = deviceData(answering, keyBytes(answering));
  const statement = attest(answering, concatBytes(authData, sha256(clientData)));
  const format = lies.format ?? (statement.size === 0 ? 'none' : 'packed');
  const attestationObject = encodeCBOR(
    new Map<string, CBORType>([
      ['fmt', format],
      ['attStmt', statement],
      ['authData', authData],
    ]),
  );
  return named(credential, lies, {
    clientDataJSON: bytesToBase64url(clientData),
    attestationObject: bytesToBase64url(attestationObject),
    transports: device.kind === 'synced' ? ['hybrid', 'internal'] : ['usb'],
  });
}

function keyBytes({ credential, device, request }: Answering<unknown>) {
  const id = base64urlToBytes(credential.credentialId);
  if (id === undefined) throw new Error('the credential id is not base64url');
  const aaguid = request.misbehave?.aaguid ?? device.authority?.aaguid ?? NO_MODEL;
  const cose = coseKey(credential.keyKind, keysOf(credential).publicKey);
  return attestedCredentialBytes(aaguid, id, cose);
}

/** What `navigator.credentials.get` would answer (WebAuthn L3 §5.1.4, §6.3.3). */
export function answerAssertion(answering: Answering<AssertionOptionsJson>): CeremonyCredential {
  const { credential, publicKey, request } = answering;
  const lies = request.misbehave ?? {};
  const clientData = clientDataBytes('webauthn.get', publicKey.challenge, request);
  const authData = deviceData(answering, lies.bringsKey ? keyBytes(answering) : undefined);
  const signature = sign(credential, lies, concatBytes(authData, sha256(clientData)));
  const userHandle = lies.userHandle === undefined ? credential.userHandle : lies.userHandle;
  return named(credential, lies, {
    clientDataJSON: bytesToBase64url(clientData),
    authenticatorData: bytesToBase64url(authData),
    signature: bytesToBase64url(signature),
    userHandle,
  });
}

function named(
  credential: HeldCredential,
  lies: Misbehaviour,
  response: CeremonyCredential['response'],
): CeremonyCredential {
  const id = lies.credentialId ?? credential.credentialId;
  return {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: lies.extensionOutputs ?? {},
    response,
  };
}

function clientDataBytes(type: string, challenge: string, request: RegistrationRequest) {
  const lies = request.misbehave ?? {};
  const { crossOrigin = false } = lies;
  const data = {
    type: lies.type ?? type,
    challenge: lies.challenge ?? challenge,
    origin: lies.origin ?? new URL(request.origin).origin,
    ...(crossOrigin === 'absent' ? {} : { crossOrigin }),
    ...(lies.topOrigin === undefined ? {} : { topOrigin: lies.topOrigin }),
  };
  return new TextEncoder().encode(JSON.stringify(data));
}

function deviceData(answering: Answering<unknown>, attested?: Uint8Array) {
  const { credential, device } = answering;
  const lies = answering.request.misbehave ?? {};
  const synced = device.kind === 'synced';
  return authenticatorDataBytes({
    rpId: lies.rpId ?? credential.rpId,
    userPresent: lies.userPresent ?? true,
    userVerified: lies.userVerified ?? true,
    backupEligible: lies.backupEligible ?? synced,
    backedUp: lies.backedUp ?? synced,
    counter: lies.counter ?? credential.counter,
    ...(attested && { attested }),
    ...(lies.trailingBytes && { trailingBytes: lies.trailingBytes }),
  });
}

// A packed statement (WebAuthn L3 §8.2), or an empty one; the client strips it when it was not asked for.
function attest(answering: Answering<RegistrationOptionsJson>, signed: Uint8Array) {
  const { credential, device, publicKey } = answering;
  const lies = answering.request.misbehave ?? {};
  const statement = new Map<string, CBORType>();
  if (publicKey.attestation === 'none' || lies.attestation === 'none') return statement;
  if (lies.attestation === 'self') {
    const { privateKey } = keysOf(credential);
    statement.set('alg', lies.statementAlgorithm ?? keyKinds[credential.keyKind].algorithm);
    statement.set('sig', blemish(signWith(credential.keyKind, privateKey, signed), lies));
    return statement;
  }
  if (device.authority === undefined || device.kind === 'synced') return statement;
  const { certificates, signature } = device.authority.attest(signed);
  statement.set('alg', lies.statementAlgorithm ?? keyKinds.ES256.algorithm);
  statement.set('sig', blemish(signature, lies));
  statement.set('x5c', certificates);
  return statement;
}

function blemish(signature: Uint8Array, lies: Misbehaviour): Uint8Array {
  return lies.statementSignature === 'bit-flipped' ? flipBit(signature) : signature;
}

function sign(credential: HeldCredential, lies: Misbehaviour, data: Uint8Array): Uint8Array {
  const { keyKind } = credential;
  if (lies.signature === 'empty') return new Uint8Array();
  if (lies.signature === 'other-key') {
    return signWith(keyKind, keyKinds[keyKind].generate().privateKey, data);
  }
  const signature = signWith(keyKind, keysOf(credential).privateKey, data);
  return lies.signature === 'bit-flipped' ? flipBit(signature) : signature;
}

function flipBit(bytes: Uint8Array): Uint8Array {
  const flipped = new Uint8Array(bytes);
  flipped[flipped.length - 1]! ^= 1;
  return flipped;
}
