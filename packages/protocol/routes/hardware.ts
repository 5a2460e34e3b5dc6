import { z } from 'zod';
import { defineRoute } from '../route.ts';

/** In what state the makers’ metadata is; `unused`: none is configured. */
export const HardwareMetadata = z.object({
  state: z.enum(['unused', 'missing', 'current', 'overdue', 'stale']),
  /** The number of the blob in use. */
  number: z.number().int().optional(),
  /** When the next one was due. */
  nextUpdate: z.string().optional(),
  /** From then on nobody is `phrh` by it. */
  vouchesUntil: z.string().optional(),
  /** Why the last attempt to renew it failed. */
  fault: z.string().optional(),
});
export type HardwareMetadata = z.infer<typeof HardwareMetadata>;

/** A model that the operator allows or denies, and what its keys may count as today. */
export const HardwareModel = z.object({
  aaguid: z.string(),
  /** As its maker describes it, where metadata knows it. */
  description: z.string().optional(),
  /** `none`: refused. */
  atBest: z.enum(['phrh', 'phr', 'none']),
  /** What is said of it, in the words of the FIDO Metadata Service. */
  statuses: z.array(z.string()),
});
export type HardwareModel = z.infer<typeof HardwareModel>;

const Counts = z.object({
  phrh: z.number().int(),
  phr: z.number().int(),
  none: z.number().int(),
});

export const readHardware = defineRoute({
  realm: 'workforce',
  caller: 'staff',
  id: 'policies.hardware',
  method: 'get',
  path: '/api/policies/hardware',
  action: 'policy:read',
  resource: { type: 'Policies' },
  summary:
    'Which authenticators count as hardware, how old what is known of them is, and how many there are.',
  reply: z.object({
    metadata: HardwareMetadata,
    models: z.array(HardwareModel),
    /** The last sweep over all kept credentials. */
    sweep: z.object({ at: z.string(), workforce: Counts, customers: Counts }).optional(),
  }),
  status: 200,
  problems: [],
});
