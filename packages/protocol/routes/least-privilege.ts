import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { Role } from '../subjects.ts';
import { CandidateSummary } from './policies.ts';

const base = { realm: 'workforce', caller: 'staff' } as const;
const policies = { type: 'Policies' } as const;
/** How far back is looked, at most: as far as a quarter and a week. */
const days = z.number().int().min(1).max(100);

/** One action that the live policies give to a role, and what became of it. */
export const HeldAction = z.object({
  action: z.string(),
  /** The policies that give it. */
  policies: z.array(z.string()),
  /** How often somebody of that role was permitted it. */
  uses: z.number().int(),
  lastUsedAt: z.string().optional(),
  /** Why it is kept although nobody uses it, or cannot be taken out by a program. */
  keptBecause: z.string().optional(),
});
export type HeldAction = z.infer<typeof HeldAction>;

export const readUnused = defineRoute({
  ...base,
  id: 'policies.unused',
  method: 'get',
  path: '/api/policies/unused',
  action: 'policy:read',
  resource: policies,
  query: z
    .object({
      days: z.coerce.number().int().min(1).max(100).default(30),
      role: Role.optional(),
      desk: z.string().trim().min(1).max(60).optional(),
    })
    .strict(),
  summary: 'Which actions each role holds, and which of them nobody of that role used.',
  reply: z.object({
    /** From when on decisions were looked at: later than asked for, where there are none before. */
    from: z.string(),
    decisions: z.number().int(),
    roles: z.array(z.object({ role: Role, people: z.number().int(), held: z.array(HeldAction) })),
    desks: z.array(z.string()),
  }),
  status: 200,
  problems: [],
});

export const proposeNarrower = defineRoute({
  ...base,
  id: 'policies.propose-narrower',
  method: 'post',
  path: '/api/policies/unused/candidates',
  action: 'policy:propose',
  resource: policies,
  summary: 'Propose the live policies without actions that a role holds and nobody used.',
  body: z
    .object({
      days,
      remove: z
        .array(z.object({ role: Role, action: z.string().min(3).max(60) }).strict())
        .min(1)
        .max(200),
      /** Also without the named cases that promise what is taken out. They are told as dropped. */
      dropCases: z.boolean().default(false),
      note: z.string().trim().max(limits.textMaxChars),
    })
    .strict(),
  reply: CandidateSummary,
  status: 201,
  problems: ['policy.unsound', 'policy.moved-on', 'request.too-many', 'evidence.unavailable'],
});
