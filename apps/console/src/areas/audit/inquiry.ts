import { systemClock } from '@proofline/kernel';
import { createStore } from '../../api/store.ts';
import { useStore } from '../../ui/use-store.ts';

/** What this tab reads evidence for: said once, and named by every reading. Gone with the tab. */
interface OpenInquiry {
  readonly inquiryId: string;
  readonly purpose: string;
  readonly endsAt: string;
  /** Whose it is: nobody reads for another’s purpose. */
  readonly subjectId: string;
}

const inquiry = createStore<OpenInquiry | undefined>(undefined);

/** Begins to read for a purpose; `undefined`: that piece of work is over. */
export const setInquiry = (next: OpenInquiry | undefined): void => inquiry.set(next);

/** The inquiry of this person, as long as it goes on. */
export function useInquiry(subjectId: string): OpenInquiry | undefined {
  const open = useStore(inquiry);
  const isOwn = open?.subjectId === subjectId && Date.parse(open.endsAt) > systemClock.now();
  return isOwn ? open : undefined;
}
