import type { StageAudience } from '@proofline/protocol';

/** Whom a stage is for, in words: “30 % of Harbour and Northgate”. */
export function audienceText({ desks, percent }: StageAudience): string {
  const where = desks.length === 0 ? 'all desks' : new Intl.ListFormat('en-GB').format(desks);
  return percent === 100 ? `everybody at ${where}` : `${percent} % of the people at ${where}`;
}
