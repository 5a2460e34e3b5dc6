import { actions, readBreakGlass, type BreakGlass, type BreakGlassUse } from '@proofline/protocol';
import { categoryWords } from '../../format/words.ts';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { sentence } from './break-glass-words.ts';
import { EmergencyRecord } from './emergency-record.tsx';
import { ReviewSection } from './review-section.tsx';

const columns: Column<BreakGlassUse>[] = [
  { id: 'at', header: 'When', cell: (use) => <Moment at={use.at} /> },
  { id: 'action', header: 'What', cell: (use) => sentence(actions[use.action].label) },
  {
    id: 'fields',
    header: 'What was permitted',
    cell: (use) =>
      [...(use.fields?.visible ?? []), ...(use.fields?.masked ?? [])]
        .map((category) => categoryWords[category])
        .join(', '),
  },
  {
    id: 'decision',
    header: 'Decision',
    cell: (use) => <span className="font-mono text-xs break-all">{use.decisionId}</span>,
  },
];

/** One emergency access whole: the record for whoever may read it, what was read, and the verdict. */
export function AccessDetail({ access }: { readonly access: BreakGlass }) {
  const self = useSelf();
  const { breakGlassId } = access;
  const detail = useRouteQuery(readBreakGlass, { params: { breakGlassId } });
  const isJudge = self.roles.some((role) => role === 'auditor' || role === 'security-admin');
  const hasPart = access.isOwn || access.openedBy?.subjectId === self.subjectId;
  const isOver = access.state === 'ended' || access.state === 'overdue';
  return (
    <>
      {access.isOwn && access.state === 'open' && (
        <EmergencyRecord key={breakGlassId} access={access} />
      )}
      <Section title="What was read, as the evidence has it" flush>
        {detail.isPending && <Loading what="what was read" />}
        {detail.error && <ProblemNotice error={detail.error} />}
        {detail.data && (
          <DataTable
            caption="What was read"
            rows={detail.data.uses}
            columns={columns}
            keyOf={(use) => use.decisionId}
            empty={<EmptyState title="Nothing was read under it." />}
          />
        )}
      </Section>
      {isOver && isJudge && !hasPart && <ReviewSection access={access} />}
    </>
  );
}
