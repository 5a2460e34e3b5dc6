import type { EnforcementResult } from './pdp/create-pdp-client.ts';

const sentences: Readonly<Record<EnforcementResult['outcome'], string>> = {
  completed: 'The guarded system has carried it out; only its answer is withheld.',
  'upstream-refused': 'The guarded system has refused it.',
  'upstream-failed':
    'The guarded system may have carried it out all the same. Look before you repeat it.',
};

/**
 * What became of a change whose answer is withheld, as one sentence for the `detail` of the refusal:
 * without it, a refusal reads as if nothing had happened. `undefined` for a read, which changes nothing.
 */
export function outcomeDetail(
  method: string,
  outcome: EnforcementResult['outcome'],
): string | undefined {
  // RFC 9110 §9.2.1: safe methods.
  return /^(?:GET|HEAD|OPTIONS)$/i.test(method) ? undefined : sentences[outcome];
}
