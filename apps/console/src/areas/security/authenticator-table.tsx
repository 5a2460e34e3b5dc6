import type { readPerson } from '@proofline/protocol';
import { CloudCog, Cpu } from 'lucide-react';
import type { z } from 'zod';
import { Badge } from '../../ui/badge.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

type Authenticator = z.output<typeof readPerson.reply>['authenticators'][number];

const columns: Column<Authenticator>[] = [
  {
    id: 'label',
    header: 'Authenticator',
    cell: (row) => <span className="text-bright">{row.label}</span>,
  },
  {
    id: 'kind',
    header: 'Kind',
    cell: (row) =>
      row.kind === 'device-bound' ? (
        <Badge icon={Cpu}>Bound to a device</Badge>
      ) : (
        <Badge icon={CloudCog}>Synced</Badge>
      ),
  },
  {
    id: 'acr',
    header: 'Strength',
    cell: (row) => (
      <>
        <span className="font-mono text-bright">{row.acr}</span>{' '}
        <span className="text-dim">
          {row.acr === 'phrh' ? 'hardware-held' : 'phishing-resistant'}
        </span>
      </>
    ),
  },
  {
    id: 'registered',
    header: 'Registered',
    cell: (row) => <Moment at={row.registeredAt} />,
  },
  {
    id: 'used',
    header: 'Last used',
    cell: (row) =>
      row.lastUsedAt ? <Moment at={row.lastUsedAt} /> : <span className="text-dim">Never</span>,
  },
];

/** Somebody's authenticators, to look at. */
export function AuthenticatorTable({
  authenticators,
}: {
  readonly authenticators: readonly Authenticator[];
}) {
  return (
    <DataTable
      caption="Authenticators"
      rows={authenticators}
      columns={columns}
      keyOf={({ authenticatorId }) => authenticatorId}
      empty={<EmptyState title="None registered yet." />}
    />
  );
}
