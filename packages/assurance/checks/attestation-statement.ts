import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { refusal, type RegistrationCeremony } from '../ceremony.ts';
import { allowedAlgorithms, readAlgorithm } from './algorithm.ts';
import { verifiedFormats } from './attestation-format.ts';

/**
 * The statement is what its format prescribes (WebAuthn L3 §7.1 step 22, §8). Whether anybody
 * believes its signer is another question: see `assurance-level.ts`.
 */
export async function checkAttestationStatement(ceremony: RegistrationCeremony) {
  const { attestation } = ceremony;
  if (attestation.format === 'none') {
    return attestation.statementSize === 0
      ? undefined
      : refusal('attestation-invalid', 'none with a statement');
  }
  if (!verifiedFormats.includes(attestation.format)) return undefined;
  if (isSelfAttested(ceremony) && !namesOwnAlgorithm(ceremony)) {
    return refusal('attestation-invalid', 'self-attestation with another algorithm');
  }
  return (await isVerified(ceremony))
    ? undefined
    : refusal('attestation-invalid', `the ${attestation.format} statement does not verify`);
}

function isSelfAttested({ attestation }: RegistrationCeremony): boolean {
  return attestation.certificates.length === 0;
}

// §8.2, verification procedure for self-attestation; the library leaves it out.
function namesOwnAlgorithm({ attestation }: RegistrationCeremony): boolean {
  return attestation.statementAlgorithm === readAlgorithm(attestation.attested.publicKey);
}

async function isVerified({ credential, expected }: RegistrationCeremony) {
  const { clientDataJSON, attestationObject } = credential.response;
  if (attestationObject === undefined) return false;
  try {
    const { verified } = await verifyRegistrationResponse({
      response: {
        id: credential.id,
        rawId: credential.rawId,
        type: credential.type,
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.origin,
      expectedRPID: expected.rpId,
      supportedAlgorithmIDs: [...allowedAlgorithms],
    });
    return verified;
  } catch {
    return false;
  }
}
