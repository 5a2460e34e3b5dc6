import type { PipelineDifferences, PolicyChange } from '@proofline/protocol';
import type { Io } from '../verb.ts';

/** As many single decisions are told. */
const TOLD_MAX = 20;

const words: Readonly<Record<PolicyChange, string>> = {
  stopped: 'would have been stopped',
  permitted: 'would have been permitted',
  otherwise: 'same answer for another reason',
};

/** Says where a candidate decided otherwise: by policy, for how many, and some decisions. */
export function tellDifferences(differences: PipelineDifferences, io: Io): void {
  const { byPolicy, subjects, samples } = differences;
  if (byPolicy.length === 0) {
    io.say('No decision would have come out otherwise.');
    return;
  }
  for (const { change, count, name } of byPolicy) {
    io.say(`${String(count).padStart(7)}  ${words[change].padEnd(30)}  by ${name}`);
  }
  const met = subjects.map(({ change, count }) => `${count} ${words[change]}`);
  if (met.length > 0) io.say(`Of people and programs ${met.join(', ')}.`);
  io.say('Decisions, newest first:');
  for (const { decisionId, change, action, livePolicies, candidatePolicies } of samples.slice(
    0,
    TOLD_MAX,
  )) {
    const by = `${livePolicies.join(' ') || 'nothing'} -> ${candidatePolicies.join(' ') || 'nothing'}`;
    io.say(`  ${change.padEnd(9)}  ${action}  ${decisionId}  ${by}`);
  }
  if (samples.length > TOLD_MAX) io.say(`  and more; the page of policies lists ${samples.length}`);
}

/** Whether a decision would have had another answer, not only another reason. */
export function changesAnswers({ byPolicy }: PipelineDifferences): boolean {
  return byPolicy.some(({ change }) => change !== 'otherwise');
}
