import { readEvidence, type EvidenceRow } from '@proofline/protocol';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { ChainView } from './chain-view.tsx';
import { DecisionSection } from './decision-section.tsx';
import { factText, memberLabel } from './fact-text.ts';
import { EffectBadge } from './effect-badge.tsx';
import { entryWords } from './entry-words.ts';
import { Subjects } from './evidence-columns.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ForPurpose, PurposeLine } from './for-purpose.tsx';
import { GoneSection } from './gone-section.tsx';
import { PersonalSection } from './personal-section.tsx';
import { InclusionSection } from './inclusion-section.tsx';

const route = getRouteApi('/app/audit/$evidenceId');

/** One entry: what led to it, what followed, why it was decided so, and the proof that it is in the log. */
export function EntryPage() {
  const { evidenceId } = route.useParams();
  return (
    <ForPurpose
      crumbs={[
        { label: 'Audit', to: '/audit' },
        { label: 'Evidence', to: '/audit' },
      ]}
    >
      {(inquiryId) => <Entry key={evidenceId} evidenceId={evidenceId} inquiryId={inquiryId} />}
    </ForPurpose>
  );
}

function Entry({
  evidenceId,
  inquiryId,
}: {
  readonly evidenceId: string;
  readonly inquiryId: string;
}) {
  // Text from the address; the server parses it and refuses what is no id.
  const params = { evidenceId: evidenceId as EvidenceRow['evidenceId'] };
  const found = useRouteQuery(readEvidence, { params, query: { inquiryId } });
  const index = found.data?.entry.index;
  return (
    <Page
      crumbs={[
        { label: 'Audit', to: '/audit' },
        { label: 'Evidence', to: '/audit' },
        { label: index === undefined ? 'Entry' : `#${index}` },
      ]}
      aside={<ExportDialog id={evidenceId} />}
    >
      <PurposeLine />
      {found.isPending && <Loading what="the entry" />}
      {found.error && (
        <ProblemNotice
          error={found.error}
          actions={<Button onClick={() => void found.refetch()}>Try again</Button>}
        />
      )}
      {found.data && <Details found={found.data} />}
    </Page>
  );
}

function Details({ found }: { readonly found: z.output<typeof readEvidence.reply> }) {
  const { entry, chain, decision, gone, personal, truncated, inclusion } = found;
  const rows = [entry, ...chain.filter(({ evidenceId }) => evidenceId !== entry.evidenceId)];
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[1fr_26rem]">
      <div className="flex min-w-0 flex-col gap-3">
        <Section title="This entry" aside={<EffectBadge facts={entry.facts} />}>
          <p className="mb-3 text-lg font-medium text-bright">{entryWords(entry)}</p>
          <PropertyList items={propertiesOf(entry)} />
        </Section>
        <PersonalSection groups={personal} />
        <GoneSection gone={gone} />
        <Section title="Causes and consequences">
          {truncated && (
            <p className="mb-2 text-sm text-warn">
              The chain is longer than this page shows. The export has all of it.
            </p>
          )}
          <ChainView rows={rows} focusId={entry.evidenceId} />
        </Section>
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        {decision && <DecisionSection decision={decision} />}
        <InclusionSection inclusion={inclusion} index={entry.index} />
      </div>
    </div>
  );
}

function propertiesOf(entry: EvidenceRow) {
  return [
    { label: 'Time', value: <Moment at={entry.at} /> },
    { label: 'Who', value: <Subjects row={entry} /> },
    ...Object.entries(entry.facts).map(([name, value]) => ({
      label: memberLabel(name),
      value: <span className="break-all">{factText(value)}</span>,
    })),
    ...Object.entries(entry.refs).map(([name, id]) => ({
      label: memberLabel(name),
      value: (
        <Link
          to="/audit"
          search={{ id }}
          className="font-mono text-xs break-all underline decoration-line underline-offset-2 hover:decoration-accent"
        >
          {id}
        </Link>
      ),
    })),
    {
      label: 'Id',
      value: <span className="font-mono text-xs break-all">{entry.evidenceId}</span>,
    },
  ];
}
