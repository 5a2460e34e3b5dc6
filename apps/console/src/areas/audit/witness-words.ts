import type { readWitnesses, WitnessRow } from '@proofline/protocol';
import type { z } from 'zod';
import { countText } from '../../format/total-text.ts';

type Standings = z.output<typeof readWitnesses.reply>;

/** How the log stands with its witnesses: one sentence, and whether it is an alarm. */
export function summaryOf({ logSize, witnessed, witnesses }: Standings): {
  readonly kind: 'done' | 'warn' | 'problem';
  readonly text: string;
} {
  if (witnesses.length === 0) {
    return { kind: 'warn', text: 'Nobody but the operator signs this log.' };
  }
  if (witnesses.some(({ state }) => state === 'contradicts')) {
    return { kind: 'problem', text: 'A witness knows another history of this log.' };
  }
  if (!witnessed) {
    return { kind: 'warn', text: 'Too few witnesses have signed anything of this log so far.' };
  }
  const signed = entriesText(witnessed.size, logSize);
  return { kind: 'done', text: `As many witnesses as it takes have signed ${signed}.` };
}

/** What a witness has signed of a log of this size, in the middle of a sentence. */
export function entriesText(signedSize: number, logSize: number): string {
  const behind = logSize - signedSize;
  if (behind <= 0) return 'every entry';
  return behind === 1 ? 'all but the newest entry' : `all but the newest ${number(behind)} entries`;
}

const states: Readonly<Record<WitnessRow['state'], string>> = {
  signs: 'Signs',
  waiting: 'Not asked yet',
  unreachable: 'Does not answer',
  refuses: 'Refuses',
  contradicts: 'Contradicts the log',
};

/** The state of a witness in a word or two. */
export function stateText(state: WitnessRow['state']): string {
  return states[state];
}

function number(count: number): string {
  return countText({ count, isExact: true });
}
