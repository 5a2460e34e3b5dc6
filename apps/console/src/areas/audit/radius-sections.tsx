import {
  DataCategory,
  evidenceKinds,
  evidenceOutcomes,
  type EvidenceRadius,
} from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { categoryWords } from '../../format/words.ts';
import { EmptyState, Section } from '../../ui/surface.tsx';
import { memberLabel } from './fact-text.ts';
import type { AuditSearch, RadiusSearch } from './search.ts';

type Act = EvidenceRadius['acts'][number];

/** Who, what, which fields, what changed and what went out: each count leads to its entries. */
export function RadiusSections({
  radius: { acts, fields, people, records },
  search,
}: {
  readonly radius: EvidenceRadius;
  readonly search: RadiusSearch;
}) {
  const at = (more: Partial<AuditSearch>): AuditSearch => ({
    ...search,
    reach: 'followed',
    ...more,
  });
  const actLines = (weight: Act['weight']) =>
    acts
      .filter((act) => act.weight === weight)
      .map(({ action, count, kind, outcome }) => ({
        key: [kind, action, outcome].join(' '),
        words: evidenceKinds[kind],
        detail: [action, outcome && evidenceOutcomes[outcome].toLowerCase()]
          .filter(Boolean)
          .join(' · '),
        count,
        to: at({ kind, action, outcome }),
      }));
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Counted title="What changed" none="Nothing was changed." lines={actLines('changed')} />
      <Counted title="What went out" none="Nothing went out." lines={actLines('went-out')} />
      <Counted title="What was read" none="Nothing was read." lines={actLines('read')} />
      <Section title="Fields that were shown" flush>
        {fields.length === 0 && <EmptyState title="No field was shown." />}
        <Lines>
          {fields.map(({ category, masked, shown }) => (
            <Line key={category} words={categoryText(category)}>
              <span className="text-xs text-dim">
                {shown} in clear, {masked} masked
              </span>
            </Line>
          ))}
        </Lines>
      </Section>
      <Counted
        title="Who"
        none="Nobody is named."
        lines={people.map(({ count, name, pseudonym, role }) => ({
          key: `${role} ${pseudonym}`,
          words: name ?? `${pseudonym.slice(0, 12)}…`,
          detail: memberLabel(role),
          count,
          to: at({ about: pseudonym }),
        }))}
      />
      <Counted
        title="Records, calls, sessions and devices"
        none="None is named."
        lines={records.map(({ count, id, role }) => ({
          key: `${role} ${id}`,
          words: memberLabel(role),
          detail: id,
          count,
          to: at({ about: id }),
        }))}
      />
      <Counted title="All else" none="There is nothing else." lines={actLines(undefined)} />
    </div>
  );
}

interface CountedLine {
  readonly key: string;
  readonly words: string;
  readonly detail: string;
  readonly count: number;
  readonly to: AuditSearch;
}

function Counted({
  title,
  none,
  lines,
}: {
  readonly title: string;
  readonly none: string;
  readonly lines: readonly CountedLine[];
}) {
  return (
    <Section title={title} flush>
      {lines.length === 0 && <EmptyState title={none} />}
      <Lines>
        {lines.map(({ count, detail, key, to, words }) => (
          <Line key={key} words={words} detail={detail}>
            <Link
              to="/audit"
              search={to}
              className="shrink-0 text-sm text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
            >
              {count} {count === 1 ? 'entry' : 'entries'}
              <span className="sr-only"> of: {[words, detail].filter(Boolean).join(', ')}</span>
            </Link>
          </Line>
        ))}
      </Lines>
    </Section>
  );
}

function Lines({ children }: { readonly children: ReactNode }) {
  return <ul className="max-h-96 overflow-auto">{children}</ul>;
}

function Line({
  words,
  detail,
  children,
}: {
  readonly words: string;
  readonly detail?: string;
  readonly children: ReactNode;
}) {
  return (
    <li className="flex items-baseline justify-between gap-3 border-b border-line px-3 py-1.5 text-sm last:border-0">
      <span className="min-w-0">
        <span className="text-bright">{words}</span>{' '}
        {detail && <span className="font-mono text-xs break-all text-dim">{detail}</span>}
      </span>
      {children}
    </li>
  );
}

function categoryText(category: string): string {
  const known = DataCategory.safeParse(category);
  return known.success ? categoryWords[known.data] : category;
}
