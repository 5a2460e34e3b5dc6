import type { AttestationPolicy } from '@proofline/assurance';
import type { Config } from '../config.ts';
import type { Metadata } from './create-metadata.ts';

/** Which hardware is believed: what the operator says, and the metadata as it is at that moment. */
export function attestationPolicyOf(config: Config, metadata: Metadata): AttestationPolicy {
  const own = config.PROOFLINE_ATTESTATION;
  return {
    ...own,
    authorities: [...own.authorities, ...config.PROOFLINE_TRUST_ROOTS],
    get metadata() {
      return metadata.inUse();
    },
  };
}
