import { readSelf, type Self } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

/** Somebody works at another desk, or in other roles, than when they came. */
export interface Move {
  readonly acknowledge: () => void;
}

/**
 * What was read at another desk or in other roles does not outlive the move on the screen (P6): a
 * list that is refused now would otherwise keep its old rows. Answers the move until it is read.
 */
export function useForgetOnMove(self: Self | undefined): Move | undefined {
  const queries = useQueryClient();
  const [isTold, setTold] = useState(true);
  const standing = self && [self.desk, ...self.roles.toSorted()].join(' · ');
  const before = useRef(standing);
  useEffect(() => {
    const was = before.current;
    before.current = standing;
    if (was === undefined || was === standing) return;
    setTold(false);
    void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== readSelf.id });
  }, [queries, standing]);
  return isTold ? undefined : { acknowledge: () => setTold(true) };
}
