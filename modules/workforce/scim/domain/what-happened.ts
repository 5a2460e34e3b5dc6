import type { JsonObject } from '@proofline/kernel';
import type { EvidenceKind } from '@proofline/protocol';
import { changedNames } from './changed-names.ts';
import type { ProvisionedPerson } from './person.ts';

/** A person as they stand, and what a directory says of them now. */
export interface Said {
  readonly before:
    | {
        readonly staff: {
          readonly state: 'invited' | 'registered' | 'active' | 'left';
          readonly displayName: string;
          readonly desk: string;
        };
        readonly row: { readonly resource: JsonObject; readonly isRemoved: boolean } | undefined;
      }
    | undefined;
  readonly person: ProvisionedPerson;
  readonly isRemoved: boolean;
}

/** What is told of it: leaving and coming back weigh more than what else is said. `undefined`: nothing new. */
export function whatHappened({ before, person, isRemoved }: Said): EvidenceKind | undefined {
  if (before === undefined) return 'person.provisioned';
  const { row, staff } = before;
  const isHere = person.isActive && !isRemoved;
  if (staff.state !== 'left' && !isHere) return 'person.left';
  if (staff.state === 'left' && isHere) return 'person.returned';
  if (row === undefined || row.isRemoved) return 'person.provisioned';
  const isSame =
    !isRemoved &&
    staff.displayName === person.displayName &&
    staff.desk === person.desk &&
    changedNames(row.resource, person.resource).length === 0;
  return isSame ? undefined : 'person.changed';
}
