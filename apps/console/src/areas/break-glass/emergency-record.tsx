import type { BreakGlass, BreakGlassCategory } from '@proofline/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RecordScope } from '../../api/gateway.ts';
import { recordLists, type ListRow, type RecordListKind } from '../../api/record-lists.ts';
import { useApi } from '../../shell/api-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { propertiesOf } from '../agent/account-card.tsx';
import { InvoicesTable } from '../agent/invoices-table.tsx';

/** What can be read besides the record itself, and the category that opens it. */
const parts: readonly {
  readonly part: 'invoices' | RecordListKind;
  readonly category: BreakGlassCategory;
  readonly title: string;
}[] = [
  { part: 'invoices', category: 'invoice', title: 'Invoices' },
  { part: 'usage', category: 'usage', title: recordLists.usage.title },
  { part: 'tickets', category: 'usage', title: recordLists.tickets.title },
  { part: 'orders', category: 'order', title: recordLists.orders.title },
];

/** Never kept, and never asked for by itself: each reading is a use, and somebody pressed for it. */
const notKept = { staleTime: Infinity, gcTime: 0, retry: false } as const;

/** The record under break-glass: read when asked for, gone with the access. */
export function EmergencyRecord({ access }: { readonly access: BreakGlass }) {
  const api = useApi();
  const { accountNumber, breakGlassId } = access;
  const [isWanted, setWanted] = useState(false);
  const [part, setPart] = useState<(typeof parts)[number]['part']>();
  const grant = api.emergencyOf(breakGlassId);
  useEffect(() => () => grant.drop(), [grant]);
  const scope = { accountNumber, grant };
  const record = useQuery({
    queryKey: ['gateway.emergency', breakGlassId],
    queryFn: () => api.gateway.readCustomer(scope),
    enabled: isWanted,
    ...notKept,
  });
  return (
    <Section title={`Record ${accountNumber}, under break-glass`}>
      {!isWanted && (
        <Button variant="primary" onClick={() => setWanted(true)}>
          Read the record
        </Button>
      )}
      {isWanted && record.isPending && <Loading what="the record" />}
      {record.error && <ProblemNotice error={record.error} />}
      {record.data && <PropertyList items={propertiesOf(record.data.value)} />}
      <div className="mt-3 flex flex-wrap gap-2">
        {parts
          .filter(({ category }) => access.categories.includes(category))
          .map((one) => (
            <Button
              key={one.part}
              aria-pressed={one.part === part}
              onClick={() => setPart(one.part === part ? undefined : one.part)}
            >
              {one.title}
            </Button>
          ))}
      </div>
      {part && <Part key={part} part={part} scope={scope} breakGlassId={breakGlassId} />}
    </Section>
  );
}

function Part({
  part,
  scope,
  breakGlassId,
}: {
  readonly part: (typeof parts)[number]['part'];
  readonly scope: RecordScope;
  readonly breakGlassId: string;
}) {
  return (
    <div className="mt-3">
      {part === 'invoices' ? (
        <Invoices scope={scope} breakGlassId={breakGlassId} />
      ) : (
        <List kind={part} scope={scope} breakGlassId={breakGlassId} />
      )}
    </div>
  );
}

interface Reading {
  readonly scope: RecordScope;
  readonly breakGlassId: string;
}

function Invoices({ scope, breakGlassId }: Reading) {
  const { gateway } = useApi();
  const invoices = useQuery({
    queryKey: ['gateway.emergency', breakGlassId, 'invoices'],
    queryFn: () => gateway.readInvoices(scope),
    ...notKept,
  });
  return (
    <>
      {invoices.isPending && <Loading what="the invoices" />}
      {invoices.error && <ProblemNotice error={invoices.error} />}
      {invoices.data && <InvoicesTable invoices={invoices.data.value} />}
    </>
  );
}

function List({ kind, scope, breakGlassId }: Reading & { readonly kind: RecordListKind }) {
  const { gateway } = useApi();
  const rows = useQuery({
    queryKey: ['gateway.emergency', breakGlassId, kind],
    queryFn: () => gateway.readList(scope, kind),
    ...notKept,
  });
  const { title, columns } = recordLists[kind];
  const cells = Object.entries(columns).map(([name, header]): Column<ListRow> => ({
    id: name,
    header,
    cell: (row) => row[name],
  }));
  return (
    <>
      {rows.isPending && <Loading what={title.toLowerCase()} />}
      {rows.error && <ProblemNotice error={rows.error} />}
      {rows.data && (
        <DataTable
          caption={title}
          rows={rows.data.value}
          columns={cells}
          keyOf={(row) => String(row['id'] ?? JSON.stringify(row))}
          empty={<EmptyState title="Nothing is written down here." />}
        />
      )}
    </>
  );
}
