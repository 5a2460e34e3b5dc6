import { z } from 'zod';
import { limits } from '@proofline/kernel';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { searchEvidence } from './evidence.ts';

/** What a person reads evidence for: said once for a piece of work, and named by every reading in it. */
export const openInquiry = defineRoute({
  id: 'evidence.open-inquiry',
  method: 'post',
  path: '/api/evidence-inquiries',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:search',
  resource: { type: 'Evidence' },
  summary:
    'Says what evidence is read for. The inquiry is one’s own, lasts eight hours, and stands in the ' +
    'entry of each reading.',
  body: z
    .object({
      purpose: z.string().trim().min(3).max(limits.textMaxChars),
      /** A first search, for whoever has come to search once. */
      search: searchEvidence.query.omit({ inquiryId: true }).strict().optional(),
    })
    .strict(),
  reply: z.object({
    inquiryId: idOf('inq'),
    endsAt: z.string(),
    /** What the first search found. */
    found: searchEvidence.reply.optional(),
  }),
  status: 201,
  problems: ['evidence.unavailable'],
});
