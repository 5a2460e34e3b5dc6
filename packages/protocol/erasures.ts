import { z } from 'zod';
import { idOf } from './ids.ts';

/** How long a personal field must be kept: the class of its key. */
export const retentionClasses = ['identity', 'case', 'access'] as const;
/** One of {@link retentionClasses}. */
export const RetentionClassName = z.enum(retentionClasses);
/** One of {@link retentionClasses}. */
export type RetentionClassName = (typeof retentionClasses)[number];

/** What each class of {@link retentionClasses} holds. */
export const retentionLabels: Readonly<Record<RetentionClassName, string>> = {
  identity: 'who somebody is and what they sign in with',
  case: 'what was done for a customer, and their proofs',
  access: 'who looked at what, and why',
};

/** Six years, the period of HIPAA (45 CFR 164.316(b)(2)(i)), unless a policy is published. */
export const RETENTION_DEFAULT_MONTHS = 72;
/** A month is a month; beyond forty years nobody plans. */
const monthsMax = 480;
const Months = z.number().int().min(1).max(monthsMax);

/** How long what is kept, as it is published in the log. */
export const RetentionPolicy = z
  .object({
    identity: Months,
    case: Months,
    access: Months,
    /** Whole entries older than that may be pruned; `null`: never. */
    entries: Months.nullable(),
    /** Whether personal fields past their time are erased without anybody asking each time. */
    automatic: z.boolean(),
  })
  .strict();
/** @see RetentionPolicy */
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

/** Before anybody publishes one: six years, and nothing goes by itself. */
export const defaultRetention: RetentionPolicy = {
  identity: RETENTION_DEFAULT_MONTHS,
  case: RETENTION_DEFAULT_MONTHS,
  access: RETENTION_DEFAULT_MONTHS,
  entries: null,
  automatic: false,
};

/** On what ground something is erased, in words that may stand in the log. */
export const erasureBases = {
  'data-subject-request': 'the data subject asked for it (GDPR Art. 17)',
  'retention-ended': 'its time is over',
  'court-order': 'a court or an authority ordered it',
  'recorded-in-error': 'it should never have been recorded',
} as const;
/** One of {@link erasureBases}. */
export type ErasureBasis = keyof typeof erasureBases;
// `Object.keys` forgets the literal type that it was given.
const basisNames = Object.keys(erasureBases) as ErasureBasis[];
/** One of {@link erasureBases}. */
export const ErasureBasis = z.enum(basisNames);

/** Why evidence must stay as it is, in words that may stand in the log. */
export const holdReasons = {
  litigation: 'a law suit, or one that is to be expected',
  regulator: 'a regulator asked for it',
  investigation: 'an investigation of our own',
  'disputed-transaction': 'a customer disputes what was done',
} as const;
/** One of {@link holdReasons}. */
export type HoldReason = keyof typeof holdReasons;
// `Object.keys` forgets the literal type that it was given.
const reasonNames = Object.keys(holdReasons) as HoldReason[];
/** One of {@link holdReasons}. */
export const HoldReason = z.enum(reasonNames);

/** As many entries as one request may name. */
export const erasedEntriesMax = 400;

/** A person: their id, their pseudonym, or an account number. */
const SubjectText = z.string().trim().min(3).max(120);
const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/);
const Index = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What somebody asks to be erased. */
export const ErasureTarget = z.discriminatedUnion('form', [
  /** Personal fields of one data subject: all of them, with the pseudonym, or of a class and months. */
  z
    .object({
      form: z.literal('fields'),
      subject: SubjectText,
      retention: RetentionClassName.optional(),
      /** Only of months before this one. */
      before: Month.optional(),
    })
    .strict(),
  /** The bytes of whole entries, `start` (inclusive) to `end` (exclusive). */
  z.object({ form: z.literal('entries'), start: Index, end: Index }).strict(),
  /** The bytes of all entries below this index that nothing rests on (C2SP minimum index). */
  z.object({ form: z.literal('prefix'), below: Index }).strict(),
  /** Another retention policy: what it erases from then on, two people have decided. */
  z.object({ form: z.literal('policy'), policy: RetentionPolicy }).strict(),
]);
/** What somebody asks to be erased. */
export type ErasureTarget = z.infer<typeof ErasureTarget>;

/** What must stay as it is. */
export const HoldScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subject'), subject: SubjectText }).strict(),
  z.object({ kind: z.literal('case'), caseId: idOf('cse') }).strict(),
  z.object({ kind: z.literal('range'), start: Index, end: Index }).strict(),
]);
/** What must stay as it is. */
export type HoldScope = z.infer<typeof HoldScope>;

/** What an erasure would take. Whose it is, it does not say: whoever asks has typed it (P9). */
export const ErasureForecast = z.object({
  /** In words, without names: «all personal fields of one data subject». */
  label: z.string(),
  /** Entries that lose personal fields, or their bytes. */
  entries: z.number().int(),
  /** Data keys that are destroyed. */
  keys: z.number().int(),
  /** Entries within it that stay, because policies, switches and registrations rest on them. */
  standing: z.number().int(),
  /** Holds that stand in its way; with any, nothing is erased. */
  holds: z.array(idOf('hld')),
  /** Another reason why not, as a sentence. */
  refusal: z.string().optional(),
});
/** @see ErasureForecast */
export type ErasureForecast = z.infer<typeof ErasureForecast>;

const Named = z.object({ id: z.string(), name: z.string().optional() });

/** How far an erasure has come. */
export const erasureStates = [
  'waiting',
  'declined',
  'approved',
  'recorded',
  'carried-out',
] as const;

/** An erasure as the list shows it. */
export const ErasureSummary = z.object({
  erasureId: idOf('ers'),
  form: z.enum(['fields', 'expired', 'entries', 'prefix', 'policy']),
  label: z.string(),
  pseudonym: z.string().optional(),
  basis: ErasureBasis,
  /** The sentence of whoever asked: for them, and while it waits for whoever answers. */
  note: z.string().optional(),
  state: z.enum(erasureStates),
  /** Absent: the published retention policy asked. */
  askedBy: Named.optional(),
  askedAt: z.string(),
  /** Whether the one who reads this asked; nobody approves their own. */
  isOwn: z.boolean(),
  answeredBy: Named.optional(),
  answeredAt: z.string().optional(),
  carriedOutAt: z.string().optional(),
  askedEvidenceId: idOf('evt'),
  /** The entry that explains what is gone. */
  effectEvidenceId: idOf('evt').optional(),
  /** Set while it waits: the holds that stand in its way now. */
  holds: z.array(idOf('hld')),
});
/** An erasure as the list shows it. */
export type ErasureSummary = z.infer<typeof ErasureSummary>;

/** A legal hold as the list shows it. */
export const HoldSummary = z.object({
  holdId: idOf('hld'),
  kind: z.enum(['subject', 'case', 'range']),
  label: z.string(),
  reasonCode: HoldReason,
  /** For whoever placed it, and while it stands for whoever lifts it. */
  note: z.string().optional(),
  placedBy: Named,
  placedAt: z.string(),
  isOwn: z.boolean(),
  liftedBy: Named.optional(),
  liftedAt: z.string().optional(),
  evidenceId: idOf('evt'),
});
/** A legal hold as the list shows it. */
export type HoldSummary = z.infer<typeof HoldSummary>;

/** What of a class falls due, and when. */
export const RetentionDue = z.object({
  retention: RetentionClassName,
  months: z.number().int(),
  /** Personal fields of months before this one are past their time. */
  before: Month,
  /** Entries that would lose fields if it were carried out now. */
  entries: z.number().int(),
  keys: z.number().int(),
  /** Data subjects of whom a hold keeps some. */
  held: z.number().int(),
  /** The oldest month of which anything is kept. */
  oldest: z.string().optional(),
});
/** What of a class falls due, and when. */
export type RetentionDue = z.infer<typeof RetentionDue>;
