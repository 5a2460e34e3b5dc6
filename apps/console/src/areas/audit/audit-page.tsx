import { searchEvidence } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { countText, shownText } from '../../format/total-text.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { evidenceColumns } from './evidence-columns.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { evidenceQuery } from './search.ts';
import { SearchForm } from './search-form.tsx';

const route = getRouteApi('/app/audit');
const PAGE_SIZE = 50;

/** One box for any id, filters beside it, the newest entries first. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const results = useRouteQuery(
    searchEvidence,
    { query: { ...evidenceQuery(search), count: PAGE_SIZE } },
    { keepPrevious: true },
  );
  const { nextCursor } = results.data ?? {};
  return (
    <Page
      crumbs={[{ label: 'Audit', to: '/audit' }, { label: 'Evidence' }]}
      aside={
        <>
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
      {results.error && <ProblemNotice error={results.error} />}
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
                {search.routine !== 'shown' &&
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
    </Page>
  );
}
