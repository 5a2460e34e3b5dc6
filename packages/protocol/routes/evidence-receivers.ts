import { z } from 'zod';
import { EvidenceKind } from '../evidence.ts';
import { defineRoute } from '../route.ts';

/** How one receiver of the evidence log stands. */
export const EvidenceReceiver = z.object({
  name: z.string(),
  form: z.enum(['ndjson', 'ocsf', 'otlp', 'syslog', 'csv']),
  /** Where it goes, without credentials. */
  target: z.string(),
  /** What goes out in full; absent: everything. */
  kinds: z.array(EvidenceKind).optional(),
  /** The first entry that it has not confirmed. */
  nextIndex: z.number().int(),
  /** Entries of the log that it has not confirmed. */
  behind: z.number().int(),
  logSize: z.number().int(),
  /** Tries since the last that went well. */
  attempts: z.number().int(),
  deliveredAt: z.string().optional(),
  failingSince: z.string().optional(),
  /** Why the last try failed, as a sentence of Proofline’s own. */
  fault: z.string().optional(),
});
export type EvidenceReceiver = z.infer<typeof EvidenceReceiver>;

export const listEvidenceReceivers = defineRoute({
  id: 'evidence.receivers',
  method: 'get',
  path: '/api/evidence-receivers',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:search',
  resource: { type: 'Evidence' },
  summary: 'Who is sent the evidence log, and how far each of them is.',
  reply: z.object({ receivers: z.array(EvidenceReceiver) }),
  status: 200,
  problems: ['evidence.unavailable'],
});
