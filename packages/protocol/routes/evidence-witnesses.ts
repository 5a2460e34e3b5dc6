import { z } from 'zod';
import { defineRoute } from '../route.ts';

/** How one witness of the log stands. */
export const WitnessRow = z.object({
  /** As the operator’s policy calls it. */
  name: z.string(),
  /** `name+hash+key`, to compare with what the witness’s operator says. */
  verifierKey: z.string(),
  /** `contradicts`: it says that the log is another than it has signed. */
  state: z.enum(['signs', 'waiting', 'unreachable', 'refuses', 'contradicts']),
  /** Why it does not sign: one sentence. */
  reason: z.string().optional(),
  /** The newest checkpoint that it has signed, and when by its own clock. */
  signed: z.object({ size: z.number().int(), at: z.iso.datetime() }).optional(),
});
export type WitnessRow = z.infer<typeof WitnessRow>;

export const readWitnesses = defineRoute({
  id: 'evidence.witnesses',
  method: 'get',
  path: '/api/evidence-log/witnesses',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:search',
  resource: { type: 'Evidence' },
  summary: 'Who else has signed the log’s newest checkpoint, and when; and who contradicts it.',
  reply: z.object({
    /** Entries under the newest checkpoint. */
    logSize: z.number().int(),
    witnesses: z.array(WitnessRow),
    /** The newest checkpoint that as many witnesses have signed as the operator’s policy asks for. */
    witnessed: z.object({ size: z.number().int(), at: z.iso.datetime().optional() }).optional(),
  }),
  status: 200,
  problems: ['evidence.unavailable'],
});
