import type { EntityUid } from '../values/value.ts';

const MAX_ID_LENGTH = 100;

/** A uid as Cedar writes it, for an error; a long id is cut. */
export function nameOf({ type, id }: EntityUid): string {
  const shown = id.length > MAX_ID_LENGTH ? `${id.slice(0, MAX_ID_LENGTH)}…` : id;
  return `${type}::${JSON.stringify(shown)}`;
}
