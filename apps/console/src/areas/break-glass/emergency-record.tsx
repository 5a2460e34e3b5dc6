import type { BreakGlass, BreakGlassCategory } from '@proofline/protocol';
import { useEffect, useState } from 'react';
import type { RecordScope } from '../../api/gateway.ts';
import { recordLists, type ListRow, type RecordListKind } from '../../api/record-lists.ts';
import { useApi } from '../../shell/api-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, PropertyList, Section } from '../../ui/surface.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { propertiesOf } from '../agent/account-card.tsx';
import { InvoicesTable } from '../agent/invoices-table.tsx';
import { Reading } from './reading.tsx';

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

/** The record under break-glass: read when asked for, gone with the access. */
export function EmergencyRecord({ access }: { readonly access: BreakGlass }) {
  const api = useApi();
  const { accountNumber, breakGlassId } = access;
  const [isWanted, setWanted] = useState(false);
  const [part, setPart] = useState<(typeof parts)[number]['part']>();
  const grant = api.emergencyOf(breakGlassId);
  useEffect(() => () => grant.drop(), [grant]);
  const scope = { accountNumber, grant };
  return (
    <Section title={`Record ${accountNumber}, under break-glass`}>
      {isWanted ? (
        <Reading what="the record" of={[breakGlassId]} read={() => api.gateway.readCustomer(scope)}>
          {({ value }) => <PropertyList items={propertiesOf(value)} />}
        </Reading>
      ) : (
        <Button variant="primary" onClick={() => setWanted(true)}>
          Read the record
        </Button>
      )}
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
      {part && (
        <div className="mt-3">
          <Part key={part} part={part} scope={scope} breakGlassId={breakGlassId} />
        </div>
      )}
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
  const { gateway } = useApi();
  const of = [breakGlassId, part];
  if (part === 'invoices') {
    return (
      <Reading what="the invoices" of={of} read={() => gateway.readInvoices(scope)}>
        {({ value }) => <InvoicesTable invoices={value} />}
      </Reading>
    );
  }
  const { title } = recordLists[part];
  return (
    <Reading what={title.toLowerCase()} of={of} read={() => gateway.readList(scope, part)}>
      {({ value }) => <ListTable kind={part} rows={value} />}
    </Reading>
  );
}

function ListTable({
  kind,
  rows,
}: {
  readonly kind: RecordListKind;
  readonly rows: readonly ListRow[];
}) {
  const { title, columns } = recordLists[kind];
  const cells = Object.entries(columns).map(([name, header]): Column<ListRow> => ({
    id: name,
    header,
    cell: (row) => row[name],
  }));
  return (
    <DataTable
      caption={title}
      rows={rows}
      columns={cells}
      keyOf={(row) => String(row['id'] ?? JSON.stringify(row))}
      empty={<EmptyState title="Nothing is written down here." />}
    />
  );
}
