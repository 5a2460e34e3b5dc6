import { ProblemError } from '@proofline/protocol';
import type { EvidenceWitnessing, EvidenceWriter } from '../types.ts';
import type { Witnesses } from './create-witnesses.ts';

/** The level above `durable`: somebody else has seen it, too. */
export function witnessing(
  { durable }: Pick<EvidenceWriter, 'durable'>,
  witnesses: Witnesses | undefined,
): EvidenceWitnessing {
  return {
    async witnessed(evidenceId) {
      const { index } = await durable(evidenceId);
      if (!witnesses) throw new ProblemError('evidence.unwitnessed', { internal: 'no witnesses' });
      const { note } = await witnesses.waitFor(index);
      return { index, checkpoint: note };
    },
  };
}
