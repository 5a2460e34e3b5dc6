import { z } from 'zod';

const chainMax = 4;

/** Who acts, and for whom that one acts in turn (RFC 8693 §4.1). */
export interface Act {
  readonly sub: string;
  readonly act?: Act | undefined;
}

const Chain: z.ZodType<Act> = z.strictObject({
  sub: z.string(),
  act: z.lazy(() => Chain).optional(),
});

/**
 * The chain with one more before it; `undefined`: it would be too long, or go round: whoever stands in it
 * already gets nothing by being asked again.
 */
export function actBy(sub: string, before: unknown): Act | undefined {
  const known = before === undefined ? undefined : Chain.parse(before);
  const subs: string[] = [];
  for (let one = known; one !== undefined; one = one.act) subs.push(one.sub);
  if (subs.includes(sub) || subs.length >= chainMax) return undefined;
  return { sub, ...(known && { act: known }) };
}
