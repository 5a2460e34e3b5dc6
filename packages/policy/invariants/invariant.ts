import { z } from 'zod';

const names = z.array(z.string().min(1).max(200)).min(1).max(100);
const condition = z.string().min(1).max(4_000);

/** What an invariant speaks of: kinds of requests. What is left out is not narrowed. */
const About = z
  .object({
    /** Types of principals, without the namespace. */
    principals: names.optional(),
    /** Names of actions; `*` stands for any text: `refund:*`. */
    actions: names.optional(),
    /** The same, for what is not spoken of. */
    exceptActions: names.optional(),
    tiers: z
      .array(z.enum(['low', 'medium', 'high']))
      .min(1)
      .optional(),
    resources: names.optional(),
  })
  .strict();

/** What must hold of everything that is permitted: one of these. */
const Claim = z.union([
  /** Nothing of this kind is ever permitted. */
  z.object({ never: z.literal(true) }).strict(),
  /** It is permitted only where this Cedar condition holds. */
  z.object({ onlyWhen: condition }).strict(),
  /** It is permitted only where a principal of this type is permitted the same, on the same facts. */
  z.object({ onlyIfAlso: z.string().min(1).max(200) }).strict(),
  /** What is permitted without one of these facts is permitted with it. */
  z.object({ notMoreWithout: names }).strict(),
]);

const Invariant = z
  .object({
    /** The file’s name without its ending. */
    name: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      .max(120),
    /** The same as a sentence that a person can hold against the policies. */
    says: z.string().min(1).max(300).endsWith('.'),
    /** Why it matters, in a sentence. */
    because: z.string().min(1).max(600).endsWith('.'),
    about: About,
    /**
     * It may name types and actions that the schema does not have yet, and is held against them from the
     * day on which it does. Without this, a name that nothing bears is a mistake, and refused.
     */
    ahead: z.literal(true).optional(),
    /** A Cedar condition: requests for which it does not hold are not spoken of. */
    assuming: condition.optional(),
    claim: Claim,
  })
  .strict();

/** What must hold of a set of policies for every request that there can be: a file of `policies/invariants`. */
export type Invariant = z.infer<typeof Invariant>;

/**
 * Reads a parsed file of `policies/invariants`. Reading the file itself is the caller’s.
 *
 * @throws {z.ZodError} when it is not of the form of an invariant.
 */
export function parseInvariant(value: unknown): Invariant {
  return Invariant.parse(value);
}
