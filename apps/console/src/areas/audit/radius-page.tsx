import { readRadius, type EvidenceRadius } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ForPurpose, PurposeLine } from './for-purpose.tsx';
import { fromLocalInput, toLocalInput } from './local-time.ts';
import { RadiusSections } from './radius-sections.tsx';
import type { RadiusSearch } from './search.ts';

const route = getRouteApi('/app/audit/radius');
const crumbs = [
  { label: 'Audit', to: '/audit' },
  { label: 'Evidence', to: '/audit' },
  { label: 'What it reached' },
] as const;

/** What a session, person, device, program, release or stretch of time reached. */
export function RadiusPage() {
  return (
    <ForPurpose crumbs={crumbs}>{(inquiryId) => <Reached inquiryId={inquiryId} />}</ForPurpose>
  );
}

function Reached({ inquiryId }: { readonly inquiryId: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isAsked = Boolean(search.id ?? search.from);
  const found = useRouteQuery(
    readRadius,
    { query: { ...search, inquiryId } },
    { enabled: isAsked },
  );
  return (
    <Page
      crumbs={crumbs}
      aside={search.id && <ExportDialog id={search.id} />}
      {...(found.data && { readAtMs: found.dataUpdatedAt })}
    >
      <Asking
        key={JSON.stringify(search)}
        search={search}
        onAsk={(next) => void navigate({ search: next })}
      />
      <PurposeLine />
      {found.error && <ProblemNotice error={found.error} />}
      {isAsked && found.isPending && <Loading what="what it reached" />}
      {!isAsked && (
        <EmptyState title="Whose reach do you want to see?">
          Name a session, a person, a device (ath_…), a program (svc_…), the digest of a release of
          policies, or when a stretch of time began.
        </EmptyState>
      )}
      {found.data && <Found radius={found.data} search={search} />}
    </Page>
  );
}

function Asking({
  search,
  onAsk,
}: {
  readonly search: RadiusSearch;
  readonly onAsk: (next: RadiusSearch) => void;
}) {
  const [id, setId] = useState(search.id ?? '');
  const [from, setFrom] = useState(toLocalInput(search.from));
  const [to, setTo] = useState(toLocalInput(search.to));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk({ id: id.trim() || undefined, from: fromLocalInput(from), to: fromLocalInput(to) });
  };
  return (
    <form role="search" onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <div className="w-96 max-w-full">
        <TextField
          label="Session, person, device, program or release"
          type="search"
          className="font-mono"
          maxLength={120}
          value={id}
          onChange={({ target }) => setId(target.value)}
        />
      </div>
      <TextField
        label="From"
        type="datetime-local"
        value={from}
        onChange={({ target }) => setFrom(target.value)}
      />
      <TextField
        label="To"
        type="datetime-local"
        value={to}
        onChange={({ target }) => setTo(target.value)}
      />
      <Button type="submit" variant="primary">
        Show
      </Button>
    </form>
  );
}

function Found({
  radius,
  search,
}: {
  readonly radius: EvidenceRadius;
  readonly search: RadiusSearch;
}) {
  if (radius.entryCount === 0) {
    return (
      <EmptyState title="It reached nothing.">
        No entry of the log names it, or followed from one that does.
      </EmptyState>
    );
  }
  return (
    <>
      {radius.truncated && (
        <Notice kind="warn" title={`More than ${radius.entryCount} entries were reached.`}>
          What is counted here are the newest of them. Narrow the time to see the rest.
        </Notice>
      )}
      <Section title="In all">
        <PropertyList
          items={[
            { label: 'Entries', value: radius.entryCount },
            ...(radius.from ? [{ label: 'First', value: <Moment at={radius.from} /> }] : []),
            ...(radius.to ? [{ label: 'Last', value: <Moment at={radius.to} /> }] : []),
          ]}
        />
      </Section>
      <RadiusSections radius={radius} search={search} />
    </>
  );
}
