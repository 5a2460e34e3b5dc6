import { z } from 'zod';
import { EvidenceKind } from '../evidence.ts';
import { EvidenceOutcome } from '../evidence-roots.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

const count = z.number().int().min(1);

/** What something reached: who, which records, which fields, what changed and what went out. */
export const EvidenceRadius = z.object({
  /** How many entries name it or followed from one that does. */
  entryCount: z.number().int().min(0),
  /** There are more: these are the newest. Narrow the time. */
  truncated: z.boolean(),
  from: z.string().optional(),
  to: z.string().optional(),
  /** Subjects by role, with the name where the reader is entitled to it. */
  people: z.array(
    z.object({ role: z.string(), pseudonym: z.string(), name: z.string().optional(), count }),
  ),
  /** Ids by role: `interactionId`, `caseId`, `sessionId`, `authenticatorId`, … */
  records: z.array(z.object({ role: z.string(), id: z.string(), count })),
  /** Data categories that enforcement points let through: in clear, or masked. */
  fields: z.array(
    z.object({ category: z.string(), shown: z.number().int(), masked: z.number().int() }),
  ),
  acts: z.array(
    z.object({
      kind: EvidenceKind,
      action: z.string().optional(),
      outcome: EvidenceOutcome.optional(),
      weight: z.enum(['read', 'changed', 'went-out']).optional(),
      count,
    }),
  ),
});
export type EvidenceRadius = z.infer<typeof EvidenceRadius>;

export const readRadius = defineRoute({
  id: 'evidence.radius',
  method: 'get',
  path: '/api/evidence-radius',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:search',
  resource: { type: 'Evidence' },
  summary:
    'What a session, person, device, program, release of policies or stretch of time reached: people, ' +
    'records, fields, changes and what went out. For an inquiry.',
  query: z.object({
    /** As the one box of the search takes it. Absent: all of the stretch of time, or the newest entries. */
    id: z.string().trim().max(120).optional(),
    from: z.iso.datetime().optional(),
    to: z.iso.datetime().optional(),
    inquiryId: idOf('inq').optional(),
  }),
  reply: EvidenceRadius,
  status: 200,
  problems: ['evidence.purpose-needed', 'evidence.unavailable'],
});
