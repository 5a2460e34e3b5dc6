import { base64urlToBytes } from '@proofline/kernel';
import { verifySignature } from '@simplewebauthn/server/helpers';
import { refusal, type AssertionCeremony } from '../ceremony.ts';
import { isStrictDer } from '../is-strict-der.ts';

const ES256 = -7;

/** The registered key signed exactly this (WebAuthn L3 §7.2 step 21). */
export async function checkSignature(ceremony: AssertionCeremony) {
  return (await isSigned(ceremony))
    ? undefined
    : refusal('signature-wrong', 'not signed by the registered key');
}

async function isSigned({ authenticatorData, clientData, signature, stored }: AssertionCeremony) {
  if (stored.algorithm === ES256 && !isStrictDer(signature)) return false;
  const credentialPublicKey = base64urlToBytes(stored.publicKey);
  if (credentialPublicKey === undefined) return false;
  const data = new Uint8Array(authenticatorData.bytes.length + clientData.hash.length);
  data.set(authenticatorData.bytes);
  data.set(clientData.hash, authenticatorData.bytes.length);
  try {
    return await verifySignature({ signature, data, credentialPublicKey });
  } catch {
    return false;
  }
}
