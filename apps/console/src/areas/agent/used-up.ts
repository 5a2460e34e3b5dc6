import { canonicalJson } from '@proofline/kernel';
import type { Approval, ApprovalContent, ResultOutcome } from '@proofline/protocol';
import type { Invoice } from '../../api/customer-record.ts';
import { leftOf, refundOf, seenOf } from './refund-of.ts';

const NOTE_MAX_CHARS = 500;

/** What became of an approved request that came to nothing, or may have. */
export interface UsedUp {
  readonly title: string;
  readonly text: string;
  /** What the supervisor reads when the same is asked for anew. */
  readonly note: string;
}

const words: Readonly<Record<Exclude<ResultOutcome, 'completed'>, UsedUp>> = {
  'upstream-refused': {
    title: 'The approval is used up, and nothing was changed.',
    text: 'The guarded system refused the request by its own rules. Look at the record. If it can be done after all, ask again for the same.',
    note: 'Asked again: the guarded system refused the first one.',
  },
  'upstream-failed': {
    title: 'The approval is used up, and it is not known whether anything was changed.',
    text: 'The guarded system gave no answer that can be read. Look at the record first: it may have been done. If it was not, ask again for the same.',
    note: 'Asked again: the guarded system gave no answer to the first one. Look first whether it was done.',
  },
};

/** What to say of an approval that was used and came to nothing; `undefined` for any other. */
export function usedUp({ outcome }: Pick<Approval, 'outcome'>): UsedUp | undefined {
  return outcome === undefined || outcome === 'completed' ? undefined : words[outcome];
}

/**
 * The same request once more, with a note that says so; of a refund, with the invoice as it is now.
 * `undefined` when the invoice has not that much left.
 */
export function askedAgain(
  { content, note = '' }: Approval,
  { because, invoices }: { readonly because: UsedUp; readonly invoices: readonly Invoice[] },
): (ApprovalContent & { readonly note: string }) | undefined {
  const refund = refundOf(content);
  const seen = seenOf(invoices.find(({ invoiceId }) => invoiceId === refund?.invoiceId));
  if (refund && seen && refund.amountCents > leftOf(seen)) return undefined;
  // A third attempt says it once. First, because a long note loses its end.
  const own = Object.values(words).reduce((text, one) => text.replace(one.note, ''), note);
  return {
    ...content,
    // Only what was sent along is brought up to date.
    ...(refund?.seen && seen ? { body: { ...content.body, seen: { ...seen } } } : {}),
    note: `${because.note} ${own.trim()}`.trim().slice(0, NOTE_MAX_CHARS),
  };
}

/** Whether the same was asked for anew since, whatever the invoice says meanwhile. */
export function isAskedAnew(approval: Approval, all: readonly Approval[]): boolean {
  return all.some(
    (other) => wishOf(other) === wishOf(approval) && other.requestedAt > approval.requestedAt,
  );
}

function wishOf({ content }: Approval): string {
  const { action, resource, interactionId } = content;
  const { seen: _, ...body } = content.body;
  return canonicalJson({ action, resource, interactionId, body });
}
