import type { Id } from '@proofline/kernel';
import type { PersonalFields } from '@proofline/ledger';
import { ProblemError, type StaffCaller } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { sealCode } from '../domain/code-seal.ts';
import type { Preparation } from '../domain/preparation.ts';
import type { SubjectId } from '../domain/subjects.ts';
import { buildOn, findLaidBy, type LaidBy } from './laid-by.ts';
import { eligibleContacts } from './own-recovery.ts';
import { tellSubject } from './tell.ts';
import { preparationDigest } from './trust-row.ts';

/** Of a recovery code's seal. */
export const SALT_BYTES = 16;

interface Preparing {
  readonly caller: StaffCaller;
  /** The entry of the decision that permitted it, with the caller's own fresh proof. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Chooses the recovery contacts anew: colleagues of the own desk whose work is not to support, to lead
 * or to control.
 *
 * @throws ProblemError `recovery.contacts-refused`
 */
export async function chooseContacts(
  context: Context,
  {
    chosen,
    ...preparing
  }: Preparing & {
    readonly chosen: { readonly contacts: readonly Id<'stf'>[]; readonly needed: number };
  },
): Promise<void> {
  const { contacts, needed } = chosen;
  const eligible = await eligibleContacts(context, preparing.caller.subjectId);
  const isFit =
    needed <= contacts.length &&
    new Set(contacts).size === contacts.length &&
    contacts.every((contact) => eligible.some(({ subjectId }) => subjectId === contact));
  if (!isFit) throw new ProblemError('recovery.contacts-refused');
  await keepPrepared(context, {
    ...preparing,
    what: 'contacts',
    text: 'Your recovery contacts were changed.',
    change: {
      contacts: [...contacts],
      contactsSinceMs: null,
      contactsNeeded: needed,
      chosenAtMs: context.clock.now(),
    },
  });
}

/** Seals a code that the caller's own browser made and shows once. The one before is void. */
export async function sealRecoveryCode(
  context: Context,
  { code, ...preparing }: Preparing & { readonly code: string },
): Promise<void> {
  const seal = await sealCode(code, context.random.bytes(SALT_BYTES));
  await keepPrepared(context, {
    ...preparing,
    what: 'code',
    text: 'A new recovery code was made for your account. The one before is void.',
    change: { code: { ...seal, madeAtMs: context.clock.now() } },
  });
}

async function keepPrepared(
  context: Context,
  kept: Preparing & {
    readonly what: 'contacts' | 'code';
    readonly text: string;
    readonly change: Partial<Preparation>;
  },
): Promise<void> {
  const { caller, change, decisionEvidenceId, text, what } = kept;
  const { subjectId } = caller;
  const laidBy = await findLaidBy(context, subjectId);
  const evidenceId = await context.storage.transaction(async (tx) => {
    const evidence = await writePreparation(context, tx, {
      subjectId,
      laidBy,
      actor: subjectId,
      change,
      causes: [decisionEvidenceId],
      facts: { what },
    });
    await tellSubject(context, tx, { subjectId, text });
    return evidence;
  });
  await context.ledger.durable(evidenceId);
  context.messages.kick();
}

const nothing: Omit<Preparation, 'subjectId'> = {
  contacts: [],
  contactsSinceMs: null,
  contactsNeeded: 0,
  chosenAtMs: null,
  code: null,
};

/** What a subject laid by, with its entry, in the caller's transaction. */
export async function writePreparation(
  context: Context,
  tx: Db,
  written: {
    readonly subjectId: SubjectId;
    readonly laidBy: LaidBy;
    /** Who did it: the subject, or a contact who accepted. */
    readonly actor: SubjectId;
    readonly change: Partial<Preparation>;
    readonly causes: readonly Id<'evt'>[];
    readonly facts: { readonly what: string };
    readonly personal?: readonly PersonalFields[];
  },
): Promise<Id<'evt'>> {
  const { actor, causes, change, facts, personal, subjectId } = written;
  const before = await buildOn(context, tx, written);
  const { evidenceId: previous, ...laidBy } = before ?? { ...nothing, evidenceId: undefined };
  const next: Preparation = { ...laidBy, ...change, subjectId };
  const evidenceId = await context.ledger.record(tx, {
    kind: 'recovery.prepared',
    causes: [...(previous ? [previous] : []), ...causes],
    subjects: { actor, ...(actor !== subjectId && { recovering: subjectId }) },
    ...(personal && { personal }),
    facts: {
      realm: context.realm,
      ...facts,
      contacts: next.contacts.length,
      needed: next.contactsNeeded,
      hasCode: next.code !== null,
      state: preparationDigest(next),
    },
  });
  await context.rows.preparations.keep(tx, { ...next, evidenceId });
  return evidenceId;
}

/** A code is good for one recovery. */
export async function voidCode(
  context: Context,
  tx: Db,
  used: { readonly subjectId: SubjectId; readonly laidBy: LaidBy; readonly cause: Id<'evt'> },
): Promise<void> {
  const { cause, laidBy, subjectId } = used;
  if (!laidBy.row?.code) return;
  const change = { code: null };
  const facts = { what: 'code-used-up' };
  const causes = [cause];
  const written = { subjectId, laidBy, actor: subjectId, change, causes, facts };
  await writePreparation(context, tx, written);
}
