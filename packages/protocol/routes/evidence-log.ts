import { z } from 'zod';
import { limits } from '@proofline/kernel';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

/** Below it, on the staff’s origin, lies the log as C2SP tlog-tiles has it: no routes, but files. */
export const logPrefix = '/evidence-log';

export const openLogReading = defineRoute({
  id: 'evidence.open-log',
  method: 'post',
  path: '/api/evidence/readings',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:export',
  resource: { type: 'Evidence' },
  summary:
    'A pass to the entries of the whole log, for a tile client. Logged with its purpose; ends with the session.',
  body: z.object({ purpose: z.string().trim().min(3).max(limits.textMaxChars) }).strict(),
  reply: z.object({
    exportId: idOf('exp'),
    /** For `Authorization: Bearer`, below {@link logPrefix}. Opens entries, and nothing else. */
    pass: z.string(),
    expiresAt: z.string(),
    verifierKey: z.string(),
  }),
  status: 201,
  problems: ['evidence.unavailable'],
});
