import { decideApproval, listApprovals, type Approval, type ReasonCode } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { RouteReply } from '../../api/call-route.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading } from '../../ui/surface.tsx';
import { useKeptFocus } from '../../ui/use-kept-focus.ts';
import { ApprovalItem } from './approval-item.tsx';
import { sortedForInbox } from './inbox-order.ts';

const route = getRouteApi('/app/supervisor/approvals');
const stateChoices = [
  { value: 'all', label: 'Every state' },
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'expired', label: 'Expired' },
  { value: 'used', label: 'Used' },
  { value: 'revoked', label: 'No longer valid' },
  { value: 'withdrawn', label: 'Taken back' },
] as const;

export type Verdict = 'approve' | 'reject';

/** The inbox: `j`/`k` to move, `a` or `r` and the number of the reason to decide. */
export function ApprovalsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state ?? 'open';
  // Kept here: the inbox goes away with its last item, what was done must stay in sight.
  const [done, setDone] = useState<Done>();
  const approvals = useRouteQuery(
    listApprovals,
    { query: state === 'all' ? {} : { state } },
    { keepPrevious: true },
  );
  const list = sortedForInbox(approvals.data?.approvals ?? []);
  const doneText = stillSaid(done, list);
  const place = useKeptFocus<HTMLDivElement>(
    doneText ? `${doneText} ${approvals.dataUpdatedAt}` : '',
  );
  return (
    <Page crumbs={[{ label: 'Supervisor', to: '/supervisor/approvals' }, { label: 'Approvals' }]}>
      <div className="w-44">
        <SelectField
          label="State"
          empty="Waiting"
          choices={stateChoices}
          value={search.state === 'open' ? undefined : search.state}
          onChoose={(chosen) => void navigate({ search: { state: chosen }, replace: true })}
        />
      </div>
      <div ref={place} role="status" tabIndex={-1} className="outline-none">
        {doneText && <Notice kind="done" title={doneText} />}
      </div>
      {approvals.error && <ProblemNotice error={approvals.error} />}
      {approvals.isPending && <Loading what="the approvals" />}
      {approvals.data && list.length === 0 && (
        <EmptyState
          title={state === 'open' ? 'Nothing waits for you.' : 'No approval is in this state.'}
        >
          When somebody at your desk needs an approval, it appears here by itself.
        </EmptyState>
      )}
      <InboxCount found={approvals.data} />
      {list.length > 0 && <Inbox approvals={list} onDone={setDone} />}
    </Page>
  );
}

/** One that waits needs no counting. */
function InboxCount({ found }: { readonly found: RouteReply<typeof listApprovals> | undefined }) {
  if (!found || found.approvals.length < 2) return null;
  return (
    <p>
      <ListCount shown={found.approvals.length} total={found.total} hasFilters />
    </p>
  );
}

/** What was decided last, and what was in the inbox then. */
interface Done {
  readonly text: string;
  readonly known: ReadonlySet<string>;
}

/** What was done before somebody asked anew does not stand above what they ask now. */
function stillSaid(done: Done | undefined, list: readonly Approval[]): string | undefined {
  return list.every(({ approvalId }) => done?.known.has(approvalId)) ? done?.text : undefined;
}

function Inbox({
  approvals,
  onDone,
}: {
  readonly approvals: readonly Approval[];
  readonly onDone: (done: Done) => void;
}) {
  const queries = useQueryClient();
  const [chosenId, setChosenId] = useState<string>();
  const [verdict, setVerdict] = useState<Verdict>();
  const at = Math.max(
    0,
    approvals.findIndex(({ approvalId }) => approvalId === chosenId),
  );
  const current = approvals[at];
  const decide = useRouteMutation(decideApproval, ({ state, requestedBy: { displayName } }) => {
    setVerdict(undefined);
    onDone({
      text:
        state === 'approved'
          ? `Approved. ${displayName} can send it now.`
          : `Rejected. ${displayName} sees that you did.`,
      known: new Set(approvals.map(({ approvalId }) => approvalId)),
    });
    refreshSoon(queries, ['approvals.list']);
  });
  const move = (step: number) => {
    const next = approvals[Math.min(approvals.length - 1, Math.max(0, at + step))];
    choose(next?.approvalId);
  };
  const choose = (approvalId: string | undefined) => {
    if (approvalId === current?.approvalId) return;
    setChosenId(approvalId);
    setVerdict(undefined);
    decide.reset();
  };
  const begin = (next: Verdict) => current?.state === 'open' && setVerdict(next);
  useShortcut('j', 'Next approval', () => move(1));
  useShortcut('k', 'Previous approval', () => move(-1));
  useShortcut('a', 'Approve: then the number of the reason', () => begin('approve'));
  useShortcut('r', 'Reject: then the number of the reason', () => begin('reject'));
  return (
    <ul className="flex flex-col gap-2">
      {approvals.map((approval) => {
        const isCurrent = approval === current;
        return (
          <ApprovalItem
            key={approval.approvalId}
            approval={approval}
            isCurrent={isCurrent}
            verdict={isCurrent ? verdict : undefined}
            isPending={isCurrent && decide.isPending}
            error={isCurrent ? decide.error : null}
            onVerdict={(next) => {
              choose(approval.approvalId);
              setVerdict(next);
            }}
            onReason={(reasonCode: ReasonCode) =>
              verdict &&
              !decide.isPending &&
              decide.mutate({
                params: { approvalId: approval.approvalId },
                body: { verdict, reasonCode },
              })
            }
          />
        );
      })}
    </ul>
  );
}
