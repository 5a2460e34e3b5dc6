import { isId, type Id, type IdPrefix } from '@proofline/kernel';
import { z } from 'zod';

/** A zod schema for one kind of id. */
export function idOf<P extends IdPrefix>(prefix: P) {
  return z.custom<Id<P>>((value) => isId(prefix, value), {
    error: `not an id of the form ${prefix}_…`,
  });
}
