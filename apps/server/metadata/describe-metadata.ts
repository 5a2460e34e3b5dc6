import type { MetadataReport } from './create-metadata.ts';

/** What an operator should know of the metadata, and do. */
export function describeMetadata(report: MetadataReport): {
  readonly isWell: boolean;
  readonly text: string;
} {
  const { fault, models, nextUpdateMs, no, state, vouchesUntilMs } = report;
  if (state === 'unused') {
    return {
      isWell: true,
      text: 'none is used; PROOFLINE_ATTESTATION alone says what is hardware',
    };
  }
  const why = fault === undefined ? '' : ` (${fault})`;
  if (no === undefined || nextUpdateMs === undefined || vouchesUntilMs === undefined) {
    return {
      isWell: false,
      text: `there is none yet${why}: nobody reaches phrh until PROOFLINE_METADATA can be read`,
    };
  }
  const known = `number ${no}, ${models ?? 0} models`;
  if (state === 'current')
    return { isWell: true, text: `${known}, current until ${day(nextUpdateMs)}${why}` };
  if (state === 'overdue') {
    return {
      isWell: true,
      text: `${known}, due for renewal since ${day(nextUpdateMs)}${why}; on ${day(vouchesUntilMs)} phrh ends`,
    };
  }
  return {
    isWell: false,
    text: `${known}, too old since ${day(vouchesUntilMs)}${why}: nobody reaches phrh until it is renewed`,
  };
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
