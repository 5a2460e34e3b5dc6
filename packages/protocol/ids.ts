import type { Id, IdPrefix } from '@proofline/kernel';
import { z } from 'zod';

/** A zod schema for one kind of id, as a pattern, so that OpenAPI can show it. */
export function idOf<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>, string> {
  const schema = z.string().regex(new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`), {
    error: `not an id of the form ${prefix}_…`,
  });
  // The pattern is exactly `isId`; zod cannot know that what passes it bears the brand.
  return schema as unknown as z.ZodType<Id<P>, string>;
}
