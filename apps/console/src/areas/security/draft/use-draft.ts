import { createStore } from '../../../api/store.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { useStore } from '../../../ui/use-store.ts';
import { hasContent, type Draft } from './draft.ts';

interface Kept {
  readonly ownerId: string;
  readonly draft: Draft;
}

/**
 * The one draft of this tab, in memory alone: it outlives the page, the back button and a step-up,
 * and ends with the tab.
 */
const kept = createStore<Kept | undefined>(undefined);

/** The draft of whoever is signed in, if there is one, and how it is replaced. */
export function useDraft(): {
  readonly draft: Draft | undefined;
  readonly setDraft: (next: Draft | undefined) => void;
} {
  const { subjectId: ownerId } = useSelf();
  const now = useStore(kept);
  return {
    // Another colleague in the same tab begins anew.
    draft: now?.ownerId === ownerId ? now.draft : undefined,
    setDraft: (draft) => kept.set(draft && hasContent(draft) ? { ownerId, draft } : undefined),
  };
}
