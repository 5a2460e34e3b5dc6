import type { PolicyVerdict, WitnessVerdict } from '@proofline/evidence';

/** What a person reads of the witnesses of a checkpoint, one by one, as lines. */
export function reportWitnesses({ isMet, metAtSeconds, witnesses }: PolicyVerdict): string[] {
  const width = Math.max(0, ...witnesses.map(({ name }) => name.length));
  return [
    `Quorum       ${describeQuorum(isMet, metAtSeconds)}`,
    ...witnesses.map(
      (one) => `Witness      ${one.name.padEnd(width)}  ${describeOne(one)}  (${one.key})`,
    ),
  ];
}

function describeQuorum(isMet: boolean, metAtSeconds: number | undefined): string {
  if (!isMet) return 'NOT met';
  return metAtSeconds === undefined ? 'asks for nobody' : `met at ${timeText(metAtSeconds)}`;
}

function describeOne({ cosigned }: WitnessVerdict): string {
  if (cosigned.state === 'signed') return `signed at ${timeText(cosigned.atSeconds)}`;
  return cosigned.state === 'absent' ? 'has not signed' : 'DID NOT write the line that names it';
}

/** A time that no calendar has is shown as the number that was signed. */
function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? `${seconds} s after 1970`
    : date.toISOString().replace('.000Z', 'Z');
}
