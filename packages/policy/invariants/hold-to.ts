import { schemaOf } from '../read-schema-text.ts';
import type { ReleaseText } from '../release-text.ts';
import type { Invariant } from './invariant.ts';
import { unknownInAbout } from './unknown-names.ts';

/**
 * A set of policies with the invariants of another one in the place of its own. What its schema does not
 * have yet is held against nothing, and stays held for the day on which it does.
 */
export function holdTo(text: ReleaseText, invariants: readonly Invariant[]): ReleaseText {
  const schema = schemaOf(text.schema);
  return {
    ...text,
    invariants: invariants.map((one) =>
      unknownInAbout(schema, one).length > 0 ? { ...one, ahead: true } : one,
    ),
  };
}
