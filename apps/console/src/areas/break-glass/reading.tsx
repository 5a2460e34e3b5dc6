import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { byHand, READ_BY_HAND } from '../../shell/read-by-hand.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';

/**
 * Something of a record under break-glass. It is read once, when this comes upon the screen because somebody
 * pressed for it; every further reading is a press as well.
 */
export function Reading<T>({
  what,
  of,
  read,
  children,
}: {
  readonly what: string;
  readonly of: readonly string[];
  readonly read: () => Promise<T>;
  readonly children: (found: T) => ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  const reading = useQuery({ queryKey: [READ_BY_HAND, ...of], queryFn: read, ...byHand });
  const { refetch } = reading;
  const press = useCallback(() => {
    // One under way is let finish: two requests would be two readings.
    void refetch({ cancelRefetch: false }).finally(() => setOver(true));
  }, [refetch]);
  useEffect(press, [press]);
  if (reading.isFetching || !isOver) return <Loading what={what} />;
  if (reading.data !== undefined) return children(reading.data);
  const again = <Button onClick={press}>Read {what} again</Button>;
  if (reading.error) {
    return (
      <div className="flex flex-col items-start gap-2">
        <ProblemNotice error={reading.error} />
        <p className="text-sm text-text">
          You were shown nothing. If it was permitted, it counts as a reading all the same.
        </p>
        {again}
      </div>
    );
  }
  return (
    <Notice title={`You have read ${what}; it is hidden now.`} actions={again}>
      The screen was locked, or something changed about what is permitted. Reading it again is
      another reading.
    </Notice>
  );
}
