import { readRetention } from '@proofline/protocol';
import { Page } from '../../../shell/page.tsx';
import { useRouteQuery } from '../../../shell/route-queries.ts';
import { Notice, ProblemNotice } from '../../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../../ui/surface.tsx';
import { AskErasureSection } from './ask-erasure-section.tsx';
import { DueTable } from './due-table.tsx';
import { ErasureItem } from './erasure-item.tsx';
import { HoldItem } from './hold-item.tsx';
import { PlaceHoldSection } from './place-hold-section.tsx';

/** How long what is kept, what falls when, what is held, and what was erased; ask, answer, hold, lift. */
export function RetentionPage() {
  const found = useRouteQuery(readRetention, {}, { keepPrevious: true });
  return (
    <Page crumbs={[{ label: 'Audit', to: '/audit' }, { label: 'Retention and erasures' }]}>
      {found.error && <ProblemNotice error={found.error} />}
      {found.isPending && <Loading what="what is kept" />}
      {found.data?.closed !== undefined && <Notice kind="warn" title={found.data.closed} />}
      {found.data && (
        <div className="grid items-start gap-3 xl:grid-cols-[1fr_24rem]">
          <div className="flex min-w-0 flex-col gap-3">
            <Section title="What falls when">
              <DueTable found={found.data} />
            </Section>
            <Section title="Erasures" flush>
              {found.data.erasures.length === 0 && (
                <EmptyState title="Nothing was ever erased.">
                  An erasure is asked for by one and approved by another, and stands in the log.
                </EmptyState>
              )}
              <ul className="flex flex-col divide-y divide-line">
                {found.data.erasures.map((one) => (
                  <ErasureItem key={one.erasureId} one={one} />
                ))}
              </ul>
            </Section>
            <Section title="Legal holds" flush>
              {found.data.holds.length === 0 && (
                <EmptyState title="Nothing is held.">
                  A hold keeps a person, a case or a stretch of the log from being erased.
                </EmptyState>
              )}
              <ul className="flex flex-col divide-y divide-line">
                {found.data.holds.map((one) => (
                  <HoldItem key={one.holdId} one={one} />
                ))}
              </ul>
            </Section>
          </div>
          <div className="flex min-w-0 flex-col gap-3">
            <AskErasureSection />
            <PlaceHoldSection />
          </div>
        </div>
      )}
    </Page>
  );
}
