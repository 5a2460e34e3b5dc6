import { maskKinds } from '@proofline/privacy';
import { Action, DataCategory } from '@proofline/protocol';
import { z } from 'zod';

const pointer = z.string().regex(/^(?:\/(?:[^~/]|~[01])+)+$/, 'must be a JSON pointer');

const FieldLabelSchema = z
  .object({ category: DataCategory, mask: z.enum(maskKinds).default('text') })
  .strict();

/** What one operation of the guarded system means. */
const OperationMapping = z
  .object({
    action: Action,
    /** What of the request body the PDP is told. */
    facts: z
      .object({ amountCents: pointer.optional(), reasonCode: pointer.optional() })
      .strict()
      .default({}),
    /** Request headers that are passed on besides the body’s type. */
    forwardHeaders: z
      .array(z.string().regex(/^[a-z0-9-]{2,40}$/))
      .max(8)
      .default([]),
    /** JSON pointer → label; `*` for every item of an array. A field without a label is not shown. */
    fields: z.record(pointer, FieldLabelSchema),
  })
  .strict();

/** The operator's file: which operations exist for the gateway, and what they and their fields are. */
export const Mapping = z
  .object({
    /** The path parameter that names the guarded record, and the type that policies know it by. */
    resource: z
      .object({ type: z.literal('Account'), parameter: z.string().min(1).max(60) })
      .strict(),
    operations: z.record(z.string().min(1).max(80), OperationMapping),
  })
  .strict();
export type Mapping = z.infer<typeof Mapping>;

/** One mapped operation's labels, facts, action. */
export type OperationMapping = z.infer<typeof OperationMapping>;
