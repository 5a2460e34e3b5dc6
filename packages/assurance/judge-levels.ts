import type { Acr } from '@proofline/protocol';
import { sha256Base64url } from '@proofline/kernel/node';
import { credentialLevel, type LevelFacts, type LevelTerms } from './assurance-level.ts';
import { isRooted } from './attestation-chain.ts';

/**
 * Judges many kept credentials under one policy at one moment, for a sweep. A batch certificate attests
 * at least 100,000 devices (FIDO), so the answer about each chain is remembered.
 */
export function createLevelJudge(
  terms: Pick<LevelTerms, 'policy' | 'nowMs'>,
): (facts: LevelFacts) => Acr | 'none' {
  const known = new Map<readonly string[], Map<string, boolean>>();
  const rooted: typeof isRooted = (chain) => {
    const answers = known.get(chain.authorities) ?? new Map<string, boolean>();
    known.set(chain.authorities, answers);
    const name = chain.certificates.map((der) => sha256Base64url(der)).join('.');
    const answer = answers.get(name) ?? isRooted(chain);
    answers.set(name, answer);
    return answer;
  };
  return (facts) => credentialLevel(facts, { ...terms, rooted });
}
