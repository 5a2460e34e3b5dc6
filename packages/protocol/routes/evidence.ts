import { z } from 'zod';
import { limits } from '@proofline/kernel';
import { Decision } from '../decision.ts';
import { EvidenceKind } from '../evidence.ts';
import { EvidenceOutcome } from '../evidence-roots.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Total } from '../total.ts';

/** One entry as an auditor reads it. */
export const EvidenceRow = z.object({
  evidenceId: idOf('evt'),
  /** Place in the log, from 0; absent for the moment before the sequencer has taken it in. */
  index: z.number().int().optional(),
  kind: EvidenceKind,
  at: z.string(),
  /** Entries that led to this one. */
  causes: z.array(idOf('evt')),
  /** Ids that the entry is about, by role: `interactionId`, `caseId`, `sessionId`, … */
  refs: z.record(z.string(), z.string()),
  /** Who, as a pseudonym, with the name where the reader is entitled to it. */
  subjects: z.record(z.string(), z.object({ pseudonym: z.string(), name: z.string().optional() })),
  /** What is in clear in the log. */
  facts: z.record(z.string(), z.json()),
});
export type EvidenceRow = z.infer<typeof EvidenceRow>;

export const searchEvidence = defineRoute({
  id: 'evidence.search',
  method: 'get',
  path: '/api/evidence',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:search',
  resource: { type: 'Evidence' },
  summary: 'One box for any id; filters; newest first; a cursor that does not shift.',
  query: z.object({
    /**
     * Any id (entry, interaction, case, session, proof, grant, decision, device, program), the digest of a
     * release of policies, a subject’s id, account number or name. Whoever searches for a person names an inquiry.
     */
    id: z.string().trim().max(120).optional(),
    /** Who acted: an id, an account number or a name. */
    actor: z.string().trim().max(120).optional(),
    /** What the entry names as well, in whatever role. */
    about: z.string().trim().max(120).optional(),
    kind: EvidenceKind.optional(),
    action: z.string().trim().max(120).optional(),
    outcome: EvidenceOutcome.optional(),
    /** `orphans`: what was permitted without an identity proof behind it. There is nothing of the kind, or a fault. */
    only: z.enum(['orphans']).optional(),
    /** `followed`: also what followed from the entries that name the id, and does not name it itself. */
    reach: z.enum(['followed']).optional(),
    inquiryId: idOf('inq').optional(),
    /**
     * `hidden`: without the permits of lists, of one’s own session, and of enforcement points’ questions.
     * Never without a look at one call, person, decision or entry; and not at all when somebody is searched for.
     */
    routine: z.enum(['hidden']).optional(),
    from: z.iso.datetime().optional(),
    to: z.iso.datetime().optional(),
    cursor: z.coerce.number().int().min(0).optional(),
    count: z.coerce.number().int().min(1).max(limits.pageMaxItems).default(50),
  }),
  reply: z.object({
    entries: z.array(EvidenceRow),
    nextCursor: z.number().int().optional(),
    /** Of all pages. */
    total: Total,
    /** Which of them the page begins with, from 1; absent beyond those that are counted. */
    first: z.number().int().optional(),
    logSize: z.number().int(),
    /** What the log found altered when it read itself: an alarm, in sentences. Mostly none. */
    storedFaults: z.array(z.string()),
    /** How many entries, from the first on, were searched: fewer than all only while much comes at once. */
    searchedSize: z.number().int(),
    searchedAt: z.string(),
  }),
  status: 200,
  problems: ['evidence.purpose-needed', 'evidence.unavailable'],
});

const params = z.object({ evidenceId: idOf('evt') });
const resource = { type: 'Evidence', param: 'evidenceId' } as const;

export const readEvidence = defineRoute({
  id: 'evidence.read',
  method: 'get',
  path: '/api/evidence/{evidenceId}',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:read',
  resource,
  params,
  query: z.object({ inquiryId: idOf('inq').optional() }),
  summary: 'One entry with its whole chain: causes and consequences, and the decision explained.',
  reply: z.object({
    entry: EvidenceRow,
    chain: z.array(EvidenceRow),
    decision: Decision.optional(),
    /**
     * The personal fields of the entry, by data subject. A group that was destroyed on schedule is
     * not in it; its digests in the log stay.
     */
    personal: z.array(
      z.object({
        pseudonym: z.string(),
        name: z.string().optional(),
        retention: z.string(),
        fields: z.record(z.string(), z.json()),
      }),
    ),
    /** What an erasure took of this entry, each with the entry of the log that says so. */
    gone: z.object({
      /** Causes whose bytes were erased. */
      causes: z.array(
        z.object({
          evidenceId: idOf('evt'),
          index: z.number().int(),
          byEvidenceId: idOf('evt'),
          byIndex: z.number().int(),
        }),
      ),
      /** Personal fields that were erased: how many, of whom. */
      fields: z.array(
        z.object({
          pseudonym: z.string(),
          retention: z.string(),
          count: z.number().int(),
          byEvidenceId: idOf('evt'),
          byIndex: z.number().int(),
        }),
      ),
    }),
    /** Set when the chain is longer than what is shown. */
    truncated: z.boolean(),
    inclusion: z
      .object({
        leafHash: z.string(),
        proof: z.array(z.string()),
        verifierKey: z.string(),
        checkpoint: z.string(),
      })
      .optional(),
  }),
  status: 200,
  problems: [
    'evidence.unknown',
    'evidence.erased',
    'evidence.unavailable',
    'evidence.purpose-needed',
  ],
});

export const exportEvidence = defineRoute({
  id: 'evidence.export',
  method: 'post',
  path: '/api/evidence/exports',
  realm: 'workforce',
  caller: 'staff',
  action: 'evidence:export',
  resource: { type: 'Evidence' },
  summary:
    'The chain of any one id as one file that anyone can verify offline. Logged with its purpose.',
  body: z
    .object({
      id: z.string().trim().min(1).max(120),
      purpose: z.string().trim().min(3).max(limits.textMaxChars),
      /** Only with the word of the witnesses; otherwise it is waited for, and left out when it is late. */
      witnessed: z.boolean().default(false),
    })
    .strict(),
  reply: 'file',
  status: 200,
  problems: [
    'evidence.unknown',
    'evidence.unavailable',
    'evidence.unwitnessed',
    'request.too-large',
  ],
});

/** The log's newest signed checkpoint and its public key. */
export const readCheckpoint = defineRoute({
  id: 'evidence.checkpoint',
  method: 'get',
  path: '/api/evidence-log/checkpoint',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'The newest signed checkpoint (C2SP tlog-checkpoint) and the key that signed it.',
  reply: z.object({
    /** The newest one, with the cosignatures of witnesses that have come so far. */
    checkpoint: z.string(),
    verifierKey: z.string(),
    /** The newest one that as many witnesses have signed as the operator’s policy asks for. */
    witnessed: z.string().optional(),
  }),
  status: 200,
  problems: ['evidence.unavailable'],
});
