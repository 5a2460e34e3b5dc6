import { readHardware, type HardwareMetadata, type HardwareModel } from '@proofline/protocol';
import type { z } from 'zod';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

type Found = z.output<typeof readHardware.reply>;

const stateWords: Readonly<Record<HardwareMetadata['state'], string>> = {
  unused: 'None is used: the settings alone say what is hardware.',
  missing: 'There is none yet. Nobody reaches phrh until it can be read.',
  current: 'Current.',
  overdue: 'Due for renewal. It still counts.',
  stale: 'Too old. Nobody reaches phrh until it is renewed.',
};

const levelWords = {
  phrh: 'hardware-held, when its maker attests it',
  phr: 'a passkey like any other',
  none: 'refused',
} as const;

/** Which authenticators count as hardware, and how old what is known of them is. */
export function HardwarePage() {
  const found = useRouteQuery(readHardware, {});
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Hardware' }]}>
      {found.isPending && <Loading what="what counts as hardware" />}
      {found.error && <ProblemNotice error={found.error} />}
      {found.data && <Hardware found={found.data} />}
    </Page>
  );
}

function Hardware({ found }: { readonly found: Found }) {
  const { metadata, models, sweep } = found;
  const isAmiss = metadata.state === 'missing' || metadata.state === 'stale';
  return (
    <>
      {isAmiss && <Notice kind="warn" title={stateWords[metadata.state]} />}
      <Section title="What makers say">
        <PropertyList items={propertiesOf(metadata)} />
      </Section>
      <Section title="Models" flush>
        <DataTable
          caption="Models that are allowed or denied"
          rows={models}
          columns={columns}
          keyOf={({ aaguid }) => aaguid}
          empty={
            <EmptyState title="No model is allowed.">
              Nobody can be phrh. Name models in PROOFLINE_ATTESTATION.
            </EmptyState>
          }
        />
      </Section>
      <Section
        title="Passkeys in use"
        aside={
          sweep && (
            <>
              as counted at <Moment at={sweep.at} />
            </>
          )
        }
        flush
      >
        <DataTable
          caption="How many passkeys stand at which level"
          rows={sweep ? realmsOf(sweep) : []}
          columns={countColumns}
          keyOf={({ realm }) => realm}
          empty={<EmptyState title="Not counted yet. It takes a few seconds after a start." />}
        />
      </Section>
    </>
  );
}

function propertiesOf({ fault, nextUpdate, number, state, vouchesUntil }: HardwareMetadata) {
  return [
    { label: 'State', value: stateWords[state] },
    ...(number === undefined ? [] : [{ label: 'Number', value: String(number) }]),
    ...(nextUpdate ? [{ label: 'Next one due', value: <Moment at={nextUpdate} /> }] : []),
    ...(vouchesUntil ? [{ label: 'Counts until', value: <Moment at={vouchesUntil} /> }] : []),
    ...(fault ? [{ label: 'Last attempt', value: <code>{fault}</code> }] : []),
  ];
}

const columns: Column<HardwareModel>[] = [
  {
    id: 'model',
    header: 'Model',
    cell: ({ aaguid, description }) => (
      <>
        <span className="text-bright">{description ?? 'Not in the metadata'}</span>{' '}
        <span className="font-mono text-xs text-dim">{aaguid}</span>
      </>
    ),
  },
  {
    id: 'level',
    header: 'At best',
    cell: ({ atBest }) => (
      <>
        <span className="font-mono text-bright">{atBest}</span>{' '}
        <span className="text-dim">{levelWords[atBest]}</span>
      </>
    ),
  },
  {
    id: 'statuses',
    header: 'What is said of it',
    cell: ({ statuses }) =>
      statuses.length > 0 ? statuses.join(', ') : <span className="text-dim">Nothing</span>,
  },
];

interface RealmCounts {
  readonly realm: string;
  readonly phrh: number;
  readonly phr: number;
  readonly none: number;
}

function realmsOf({ customers, workforce }: NonNullable<Found['sweep']>): RealmCounts[] {
  return [
    { realm: 'Staff', ...workforce },
    { realm: 'Customers', ...customers },
  ];
}

const countColumns: Column<RealmCounts>[] = [
  {
    id: 'realm',
    header: 'Whose',
    cell: ({ realm }) => <span className="text-bright">{realm}</span>,
  },
  { id: 'phrh', header: 'phrh', cell: ({ phrh }) => phrh },
  { id: 'phr', header: 'phr', cell: ({ phr }) => phr },
  { id: 'none', header: 'Refused', cell: ({ none }) => none },
];
