import { evidenceKinds, type EvidenceRow } from '@proofline/protocol';

type Told = Pick<EvidenceRow, 'kind' | 'facts'>;

/** What happened, in a sentence: what its kind says, and how it came out where that says more. */
export function entryWords({ kind, facts }: Told): string {
  if (kind === 'request.completed') return resultWords(facts);
  if (kind === 'approval.decided' && facts['verdict'] === 'approve') return 'An approval was given';
  if (kind === 'approval.decided' && facts['verdict'] === 'reject') {
    return 'An approval was refused';
  }
  return evidenceKinds[kind];
}

function resultWords({ outcome, delivered }: EvidenceRow['facts']): string {
  if (outcome === 'upstream-refused')
    return 'A permitted request was refused by the guarded system';
  // Nobody knows: what did not answer in time may be carried out all the same.
  if (outcome === 'upstream-failed') {
    return 'A permitted request got no good answer, and may have been carried out';
  }
  return delivered === false
    ? 'A permitted request was carried out, and its answer held back'
    : 'A permitted request was carried out';
}
