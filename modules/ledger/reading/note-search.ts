import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import type { EvidenceWriter } from '../types.ts';
import type { Inquiry } from './inquiries.ts';
import type { Search } from './search.ts';
import { fieldsOfTyped } from './typed-names.ts';

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
export function createSearchNotes(parts: {
  readonly context: Context;
  readonly pseudonyms: Pseudonyms;
  readonly writer: EvidenceWriter;
}) {
  const { context, writer } = parts;
  const asked = new Map<string, number>();

  function isNews(question: string): boolean {
    const nowMs = context.clock.now();
    const beforeMs = asked.get(question);
    return beforeMs === undefined || nowMs - beforeMs >= SAME_MS || nowMs < beforeMs;
  }

  function remember(question: string): void {
    asked.delete(question);
    asked.set(question, context.clock.now());
    for (const oldest of asked.keys()) {
      if (asked.size <= REMEMBERED_MAX) break;
      asked.delete(oldest);
    }
  }

  return async ({ decisionEvidenceId, inquiry, readerId, search }: Searching): Promise<void> => {
    const { about, action, actor, from, id, kind, only, outcome, reach, to } = search;
    const times = { from: from?.toISOString(), to: to?.toISOString() };
    const clear = given({ kind, only, outcome, reach, ...times });
    // Whoever or whatever it is: an account number may have been typed, or anything.
    const typed = given({ searchedFor: id, searchedActor: actor, searchedAbout: about });
    const free = given({ searchedAction: action });
    if (Object.keys({ ...clear, ...typed, ...free }).length === 0) return;
    const question = JSON.stringify([readerId, inquiry?.inquiryId, typed, free, clear]);
    if (!isNews(question)) return;
    const personal = [
      ...(await fieldsOfTyped(parts, readerId, typed)),
      { subject: readerId, retention: 'access' as const, fields: free },
    ];
    await context.storage.transaction((tx) =>
      writer.record(tx, {
        kind: 'evidence.searched',
        causes: [decisionEvidenceId, ...(inquiry ? [inquiry.evidenceId] : [])],
        refs: inquiry ? { inquiryId: inquiry.inquiryId } : {},
        subjects: { actor: readerId },
        facts: { filters: clear },
        personal,
      }),
    );
    // Only what is written down need not be written again.
    remember(question);
  };
}

/** What was filled in. */
function given(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
