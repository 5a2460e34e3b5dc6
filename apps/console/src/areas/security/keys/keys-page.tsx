import { listSigningKeys, type OtherKey, type SigningKey } from '@proofline/protocol';
import { CircleCheck, CircleSlash, Clock3, Hourglass } from 'lucide-react';
import { useRouteQuery } from '../../../shell/route-queries.ts';
import { Badge } from '../../../ui/badge.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Loading, Section } from '../../../ui/surface.tsx';
import { Moment } from '../../../ui/time-text.tsx';
import { RotateSection } from './rotate-section.tsx';
import { RegistryPage } from '../registry-page.tsx';

const looks = {
  next: { icon: Clock3, tone: 'neutral', word: 'Published, does not sign yet' },
  current: { icon: CircleCheck, tone: 'accent', word: 'Signs now' },
  retiring: { icon: Hourglass, tone: 'warn', word: 'Signs no more, still good' },
  retired: { icon: CircleSlash, tone: 'neutral', word: 'Worth nothing any more' },
} as const;

const becauseWords: Readonly<Record<SigningKey['because'], string>> = {
  settings: 'from the settings',
  schedule: 'on schedule',
  asked: 'a colleague asked for it',
  compromised: 'the one before was compromised',
};

/** What the issuer signs with, what it did and will, and every other kind of key. */
export function KeysPage() {
  const read = useRouteQuery(listSigningKeys, {});
  const { data, isPending } = read;
  return (
    <RegistryPage title="Keys" read={read} beside={<RotateSection />}>
      {isPending && <Loading what="the keys" />}
      {data && (
        <>
          <Section title="What tokens are signed with" flush>
            <DataTable
              caption="Signing keys of the issuer"
              rows={data.keys}
              columns={keyColumns}
              keyOf={({ kid }) => kid}
              empty={null}
            />
            <p className="px-3 py-2 text-xs text-dim">
              ID tokens, access tokens, grants, and what the PDP hands out. Another key takes its
              place by itself every {data.everyDays} days, and is published a day before.
            </p>
          </Section>
          <Section title="What tokens of customers are signed with" flush>
            <DataTable
              caption="Signing keys of the customers’ issuer"
              rows={data.ofCustomers}
              columns={keyColumns}
              keyOf={({ kid }) => kid}
              empty={null}
            />
          </Section>
          <Section title="Other keys" flush>
            <DataTable
              caption="Keys of other kinds"
              rows={data.others}
              columns={otherColumns}
              keyOf={({ name }) => name}
              empty={null}
            />
          </Section>
        </>
      )}
    </RegistryPage>
  );
}

const keyColumns: Column<SigningKey>[] = [
  {
    id: 'state',
    header: 'State',
    cell: ({ state }) => {
      const { icon, tone, word } = looks[state];
      return (
        <Badge icon={icon} tone={tone}>
          {word}
        </Badge>
      );
    },
  },
  {
    id: 'kid',
    header: 'Key',
    cell: ({ algorithm, kid }) => (
      <>
        <span className="font-mono text-xs break-all text-bright">{kid}</span>{' '}
        <span className="text-dim">{algorithm}</span>
      </>
    ),
  },
  {
    id: 'since',
    header: 'Signs from',
    cell: ({ because, signsFrom }) => (
      <>
        {signsFrom !== undefined && <Moment at={signsFrom} />}{' '}
        <span className="text-dim">{becauseWords[because]}</span>
      </>
    ),
  },
  {
    id: 'until',
    header: 'Good until',
    cell: ({ until }) =>
      until === undefined ? (
        <span className="text-dim">another takes its place</span>
      ) : (
        <Moment at={until} />
      ),
  },
];

const otherColumns: Column<OtherKey>[] = [
  {
    id: 'name',
    header: 'Key',
    cell: ({ algorithm, name }) => (
      <>
        <span className="text-bright">{name}</span> <span className="text-dim">{algorithm}</span>
      </>
    ),
  },
  { id: 'signs', header: 'What it signs', cell: ({ signs }) => signs },
  { id: 'rotation', header: 'How it is replaced', cell: ({ rotation }) => rotation },
];
