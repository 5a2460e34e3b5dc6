import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { EvidenceWriter } from '../types.ts';
import type { Inquiry } from './inquiries.ts';
import type { Search } from './search.ts';

/** Who turns pages, or asks the same again, has searched once. */
const SAME_MS = 10 * 60_000;
const REMEMBERED_MAX = 2_000;

/** Who searched for what. */
export interface Searching {
  readonly search: Search;
  readonly readerId: string;
  readonly decisionEvidenceId: Id<'evt'>;
  readonly inquiry: Inquiry | undefined;
}

/**
 * Writes down what was searched for: each question once in ten minutes. The list of the newest entries is
 * no search; that it was opened says the decision.
 */
export function createSearchNotes(context: Context, writer: EvidenceWriter) {
  const asked = new Map<string, number>();

  function isNews(question: string): boolean {
    const nowMs = context.clock.now();
    const beforeMs = asked.get(question);
    if (beforeMs !== undefined && nowMs - beforeMs < SAME_MS && nowMs >= beforeMs) return false;
    asked.delete(question);
    asked.set(question, nowMs);
    for (const oldest of asked.keys()) {
      if (asked.size <= REMEMBERED_MAX) break;
      asked.delete(oldest);
    }
    return true;
  }

  return async ({ decisionEvidenceId, inquiry, readerId, search }: Searching): Promise<void> => {
    const {
      actor,
      before: _page,
      count: _size,
      from,
      id,
      routine: _routine,
      to,
      ...filters
    } = search;
    const clear = Object.fromEntries(
      Object.entries({ ...filters, from: from?.toISOString(), to: to?.toISOString() }).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
    const typed = { ...(id && { searchedFor: id }), ...(actor && { searchedActor: actor }) };
    if (Object.keys(clear).length + Object.keys(typed).length === 0) return;
    if (!isNews(JSON.stringify([readerId, inquiry?.inquiryId, typed, clear]))) return;
    await context.storage.transaction((tx) =>
      writer.record(tx, {
        kind: 'evidence.searched',
        causes: [decisionEvidenceId, ...(inquiry ? [inquiry.evidenceId] : [])],
        refs: inquiry ? { inquiryId: inquiry.inquiryId } : {},
        subjects: { actor: readerId },
        facts: { filters: clear },
        // Whoever or whatever it is: an account number may have been typed, or anything.
        personal: [{ subject: readerId, retention: 'access', fields: typed }],
      }),
    );
  };
}
