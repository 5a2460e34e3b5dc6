import { isId } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { PersonId } from '../../types.ts';

/** At which issuer somebody is asked. */
export const realmOf = (subjectId: PersonId): Realm =>
  isId('cus', subjectId) ? 'customers' : 'workforce';

/** Who somebody is in an entry: a customer is one, whatever they do or are asked. */
export const subjectsOf = (
  subjectId: string,
  role: 'actor' | 'owner',
): Readonly<Record<string, string>> =>
  isId('cus', subjectId) ? { customer: subjectId } : { [role]: subjectId };
