import { readSelf, type Self } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/**
 * What was read at another desk or in other roles does not outlive the move on the screen (P6): a
 * list that is refused now would otherwise keep its old rows.
 */
export function useForgetOnMove(self: Self | undefined): void {
  const queries = useQueryClient();
  const standing = self && [self.desk, ...self.roles.toSorted()].join(' · ');
  const before = useRef(standing);
  useEffect(() => {
    const was = before.current;
    before.current = standing;
    if (was === undefined || was === standing) return;
    void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== readSelf.id });
  }, [queries, standing]);
}
