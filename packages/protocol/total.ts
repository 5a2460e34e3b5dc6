import { z } from 'zod';

/**
 * How many rows a list has in all. They are counted up to a bound, so that the answer costs the same
 * however long the list is: beyond it, there are at least `count`.
 */
export const Total = z.object({ count: z.number().int().min(0), isExact: z.boolean() });
/** @see Total */
export type Total = z.infer<typeof Total>;
