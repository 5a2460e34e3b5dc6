import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Page } from '../../shell/page.tsx';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';

/**
 * What programs use many times a second, and what can be added beside it. News of such a list are not
 * followed by themselves: the page says when it was read, and reads again when asked to.
 */
export function RegistryPage({
  title,
  read,
  beside,
  children,
}: {
  readonly title: string;
  readonly read: Pick<
    UseQueryResult,
    'data' | 'dataUpdatedAt' | 'error' | 'isFetching' | 'refetch'
  >;
  /** Where something is added. */
  readonly beside: ReactNode;
  readonly children: ReactNode;
}) {
  const isRead = read.data !== undefined;
  return (
    <Page
      crumbs={[{ label: 'Security', to: '/security/people' }, { label: title }]}
      aside={
        isRead && (
          <Button pending={read.isFetching} onClick={() => void read.refetch()}>
            Read again
          </Button>
        )
      }
      {...(isRead && { readAtMs: read.dataUpdatedAt })}
    >
      <div className="grid items-start gap-3 xl:grid-cols-[24rem_1fr]">
        {beside}
        <div className="flex min-w-0 flex-col gap-3">
          {read.error && <ProblemNotice error={read.error} />}
          {children}
        </div>
      </div>
    </Page>
  );
}
