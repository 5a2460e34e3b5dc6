import { readSelf, type Self } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

/** Somebody works at another desk, or in other roles, than when they came. */
export interface Move {
  readonly acknowledge: () => void;
}

/**
 * Where somebody stands after a look at it, by where they stood, and whether that is a move. Not to know for
 * a while, as when a sign-in has run out, is none: what they come back to is held against what was before.
 */
export function standAfter(
  was: string | undefined,
  self: Pick<Self, 'desk' | 'roles'> | undefined,
) {
  if (!self) return { standing: was, isMove: false };
  const standing = [self.desk, ...self.roles.toSorted()].join(' · ');
  return { standing, isMove: was !== undefined && was !== standing };
}

/**
 * What was read at another desk or in other roles does not outlive the move on the screen (P6): a
 * list that is refused now would otherwise keep its old rows. Answers the move until it is read.
 */
export function useForgetOnMove(self: Self | undefined): Move | undefined {
  const queries = useQueryClient();
  const [isTold, setTold] = useState(true);
  const before = useRef<string>(undefined);
  useEffect(() => {
    const { standing, isMove } = standAfter(before.current, self);
    before.current = standing;
    if (!isMove) return;
    setTold(false);
    void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== readSelf.id });
  }, [queries, self]);
  return isTold ? undefined : { acknowledge: () => setTold(true) };
}
