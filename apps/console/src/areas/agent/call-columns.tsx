import type { InteractionSummary } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { caseTypeWords } from '../../format/words.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Age, Moment } from '../../ui/time-text.tsx';
import { CallStateBadge, ProvedBadge } from './call-words.tsx';

const channelWords = { call: 'Call', chat: 'Chat', video: 'Video' } as const;

/** The columns of every list of calls. */
export const callColumns: Column<InteractionSummary>[] = [
  {
    id: 'started',
    header: 'Started',
    cell: (call) => (
      <Link
        to="/agent/calls/$interactionId"
        params={{ interactionId: call.interactionId }}
        className="underline decoration-line underline-offset-2 hover:decoration-accent"
      >
        <Moment at={call.startedAt} />
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (row) => <CallStateBadge state={row.state} />,
  },
  {
    id: 'caller',
    header: 'Caller',
    cell: (row) => (
      <ProvedBadge proved={row.callerProved} hadProved={row.endedProof !== undefined} />
    ),
  },
  {
    id: 'duration',
    header: 'Duration',
    cell: (call) =>
      call.endedAt ? (
        <span className="text-dim">
          until <Moment at={call.endedAt} withDay={false} />
        </span>
      ) : (
        <Age since={call.startedAt} />
      ),
  },
  {
    id: 'case',
    header: 'Case',
    cell: (row) =>
      row.caseType ? caseTypeWords[row.caseType] : <span className="text-dim">None yet</span>,
  },
  { id: 'channel', header: 'Channel', cell: (row) => channelWords[row.channel] },
];

/** {@link callColumns} with the agent, for those who see a whole desk. */
export const deskCallColumns: Column<InteractionSummary>[] = [
  callColumns[0]!,
  { id: 'agent', header: 'Agent', cell: (row) => row.agentName ?? 'Nobody yet' },
  ...callColumns.slice(1),
];
