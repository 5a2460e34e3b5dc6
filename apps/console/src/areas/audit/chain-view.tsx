import type { EvidenceRow } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { classNames } from '../../ui/class-names.ts';
import { Moment } from '../../ui/time-text.tsx';
import { chainLines, type ChainLine, type Relation } from './chain-layout.ts';
import { EffectBadge } from './effect-badge.tsx';
import { entryWords } from './entry-words.ts';
import { Subjects } from './evidence-columns.tsx';
import { KindIcon } from './kind-icon.tsx';

const relationWords: Readonly<Record<Relation, string>> = {
  cause: 'led here',
  self: 'this entry',
  consequence: 'followed',
  beside: '',
};

/** Each entry has a line of that height, so that the drawing beside the list meets it. */
const LINE_PX = 52;
/** As much of the width as the drawing takes, also on a telephone. */
const DRAWING_MAX_PX = 112;
const STEP_MAX_PX = 16;

/**
 * A chain, drawn and as a list in one: an entry stands on its line in the order of the log, and strokes lead
 * to it from what led to it. Read from the top, it is the story.
 */
export function ChainView({
  rows,
  focusId,
}: {
  readonly rows: readonly EvidenceRow[];
  readonly focusId: string;
}) {
  const lines = chainLines(rows, focusId);
  const deepest = Math.max(0, ...lines.map(({ depth }) => depth));
  const stepPx = Math.min(STEP_MAX_PX, DRAWING_MAX_PX / (deepest + 1));
  const widthPx = Math.ceil((deepest + 1) * stepPx);
  return (
    <div className="relative">
      <Drawing lines={lines} stepPx={stepPx} widthPx={widthPx} />
      <ol style={{ paddingLeft: widthPx }}>
        {lines.map((line) => (
          <li key={line.row.evidenceId} style={{ height: LINE_PX }} className="break-inside-avoid">
            <Entry line={line} lines={lines} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Causes as strokes. It says nothing that the list does not say. */
function Drawing({
  lines,
  stepPx,
  widthPx,
}: {
  readonly lines: readonly ChainLine[];
  readonly stepPx: number;
  readonly widthPx: number;
}) {
  const heightPx = lines.length * LINE_PX;
  const x = ({ depth }: ChainLine) => (depth + 0.5) * stepPx;
  const y = (line: number) => (line + 0.5) * LINE_PX;
  const isOnTheWay = (line: ChainLine, cause: ChainLine) =>
    line.relation !== 'beside' && cause.relation !== 'beside';
  return (
    <svg
      aria-hidden
      className="pointer-events-none absolute top-0 left-0"
      width={widthPx}
      height={heightPx}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      fill="none"
    >
      {lines.flatMap((line, at) =>
        line.causes.map((from) => {
          const cause = lines[from]!;
          const turn = y(at) - LINE_PX / 2;
          return (
            <path
              key={`${from} ${at}`}
              d={`M ${x(cause)} ${y(from)} V ${turn} Q ${x(cause)} ${y(at)} ${x(line)} ${y(at)}`}
              className={isOnTheWay(line, cause) ? 'stroke-accent' : 'stroke-edge'}
              strokeWidth={1.5}
            />
          );
        }),
      )}
      {lines.map((line, at) => (
        <circle
          key={line.row.evidenceId}
          cx={x(line)}
          cy={y(at)}
          r={line.relation === 'self' ? 5 : 3.5}
          className={
            line.relation === 'beside' ? 'fill-surface stroke-edge' : 'fill-accent stroke-surface'
          }
          strokeWidth={1.5}
        />
      ))}
    </svg>
  );
}

function Entry({
  line: { row, relation, causes },
  lines,
}: {
  readonly line: ChainLine;
  readonly lines: readonly ChainLine[];
}) {
  const isSelf = relation === 'self';
  return (
    <div
      aria-current={isSelf ? 'true' : undefined}
      className={classNames(
        'flex h-full items-center gap-2 rounded-md px-2 text-sm',
        isSelf ? 'bg-accent-ground' : 'hover:bg-raised',
      )}
    >
      <KindIcon kind={row.kind} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-x-2.5 overflow-hidden whitespace-nowrap">
          <Link
            to="/audit/$evidenceId"
            params={{ evidenceId: row.evidenceId }}
            className="min-w-0 truncate text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
          >
            {entryWords(row)}
          </Link>
          <EffectBadge facts={row.facts} />
        </p>
        <p className="flex items-baseline gap-x-2.5 overflow-hidden text-xs whitespace-nowrap">
          <span className="font-mono text-dim">{numberOf(row)}</span>
          <Moment at={row.at} withDay={false} />
          {relationWords[relation] && (
            <span className={classNames('label-mono', isSelf ? 'text-accent' : 'text-dim')}>
              {relationWords[relation]}
            </span>
          )}
          {causes.length > 0 && (
            <span className="sr-only">
              because of {causes.map((cause) => numberOf(lines[cause]!.row)).join(', ')}
            </span>
          )}
          <Subjects row={row} />
        </p>
      </div>
    </div>
  );
}

function numberOf({ index }: EvidenceRow): string {
  return index === undefined ? 'pending' : `#${index}`;
}
