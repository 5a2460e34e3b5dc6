import { searchEvidence } from '@proofline/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { countText, shownText } from '../../format/total-text.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { evidenceColumns } from './evidence-columns.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { AskPurpose, PurposeLine } from './for-purpose.tsx';
import { useInquiry } from './inquiry.ts';
import { evidenceQuery, isAboutPerson, type AuditSearch } from './search.ts';
import { SearchForm } from './search-form.tsx';
import { WitnessSection } from './witness-section.tsx';

const route = getRouteApi('/app/audit');
const PAGE_SIZE = 50;

/** One box for any id, filters beside it, the newest entries first. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const inquiry = useInquiry(useSelf().subjectId);
  const needsPurpose = isAboutPerson(search) && !inquiry;
  const query = {
    ...evidenceQuery(search),
    ...(inquiry && { inquiryId: inquiry.inquiryId }),
    count: PAGE_SIZE,
  };
  const results = useRouteQuery(
    searchEvidence,
    { query },
    { enabled: !needsPurpose, keepPrevious: true },
  );
  return (
    <Page
      crumbs={[{ label: 'Audit', to: '/audit' }, { label: 'Evidence' }]}
      aside={
        <>
          {(search.id ?? search.from) !== undefined && (
            <Link
              to="/audit/radius"
              search={{ id: search.id, from: search.from, to: search.to }}
              className="text-sm underline decoration-line underline-offset-2 hover:decoration-accent"
            >
              What it reached
            </Link>
          )}
          {search.id && <ExportDialog id={search.id} />}
          {results.data && (
            <Button pending={results.isFetching} onClick={() => void results.refetch()}>
              Read again
            </Button>
          )}
        </>
      }
      // The log grows with every look at it: it is not followed by itself.
      {...(results.data && { readAtMs: results.dataUpdatedAt })}
    >
      <SearchForm
        key={JSON.stringify(search)}
        search={search}
        onSearch={(next) => void navigate({ search: next })}
      />
      <PurposeLine />
      {needsPurpose ? <AskPurpose /> : <Found results={results} search={search} />}
      <WitnessSection />
    </Page>
  );
}

/** What was found, and the way to what is older. */
function Found({
  results,
  search,
}: {
  readonly results: UseQueryResult<z.output<typeof searchEvidence.reply>>;
  readonly search: AuditSearch;
}) {
  const navigate = route.useNavigate();
  const { nextCursor } = results.data ?? {};
  return (
    <>
      {results.error && <ProblemNotice error={results.error} />}
      {results.data && <Alarm faults={results.data.storedFaults} />}
      {results.data && <Completeness found={results.data} search={search} />}
      <Section
        title="Entries"
        flush
        aside={
          results.data && (
            <span className="text-xs text-dim">
              <span className="text-bright">
                {shownText(results.data.entries.length, results.data.total, results.data.first)}
              </span>
              {' · '}
              {countText({ count: results.data.logSize, isExact: true })} in the log
            </span>
          )
        }
      >
        {results.isPending && <Loading what="the evidence" />}
        {results.data && (
          <DataTable
            walk
            caption="Evidence entries"
            rows={results.data.entries}
            columns={evidenceColumns}
            keyOf={({ evidenceId }) => evidenceId}
            empty={
              <EmptyState title="No entry fits.">
                {search.only === undefined &&
                  search.routine !== 'shown' &&
                  'Permitted lists, own sessions and questions of connected systems are left out, unless you search for somebody. '}
                Any id will do: an entry, a call, a case, a session, a proof, a grant, a decision, a
                person, an account number.
              </EmptyState>
            }
          />
        )}
      </Section>
      <div className="flex flex-wrap gap-2">
        {search.cursor !== undefined && (
          <Button onClick={() => void navigate({ search: { ...search, cursor: undefined } })}>
            Back to the newest
          </Button>
        )}
        {nextCursor !== undefined && (
          <Button onClick={() => void navigate({ search: { ...search, cursor: nextCursor } })}>
            Older entries
          </Button>
        )}
      </div>
    </>
  );
}

/** What the log found when it read itself. Nobody may overlook it, and no search leaves it out. */
function Alarm({ faults }: { readonly faults: readonly string[] }) {
  if (faults.length === 0) return null;
  return (
    <Notice kind="problem" title="The stored log differs from what was signed.">
      {faults.join(' ')} Somebody, or a disk, has altered the database. Keep it as it is, and
      compare with the checkpoints that others hold.
    </Notice>
  );
}

/** Whether all of the log was searched; and of what nobody proved, that it was looked for and when. */
function Completeness({
  found,
  search,
}: {
  readonly found: z.output<typeof searchEvidence.reply>;
  readonly search: AuditSearch;
}) {
  const searched = countText({ count: found.searchedSize, isExact: true });
  if (found.searchedSize < found.logSize) {
    return (
      <Notice kind="warn" title={`Only the first ${searched} entries were searched.`}>
        Much has come into the log at once. Read again in a moment.
      </Notice>
    );
  }
  if (search.only !== 'orphans') return null;
  if (found.entries.length > 0) {
    return (
      <Notice kind="problem" title="Something was permitted without a proof of identity behind it.">
        <p>
          Every entry below is a fault in Proofline, or somebody’s act against it. Export it, and
          ask why.
        </p>
      </Notice>
    );
  }
  return (
    <Notice kind="done" title="Nothing was permitted without a proof of identity behind it.">
      <p>
        Looked for in {searched} entries on <Moment at={found.searchedAt} />: each permitted action
        leads back to a passkey that somebody used, or to the key of a program.
      </p>
    </Notice>
  );
}
