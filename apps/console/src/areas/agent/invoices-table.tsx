import { CircleCheck, CircleDot, type LucideIcon } from 'lucide-react';
import type { Invoice } from '../../api/customer-record.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Money } from '../../ui/money.tsx';
import { EmptyState } from '../../ui/surface.tsx';

const looks: Readonly<Record<string, { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  paid: { icon: CircleCheck, tone: 'neutral' },
  open: { icon: CircleDot, tone: 'warn' },
};

const columns: Column<Invoice>[] = [
  {
    id: 'number',
    header: 'Invoice',
    cell: (row) => <span className="font-mono whitespace-nowrap text-bright">{row.invoiceId}</span>,
  },
  // Beside the number, so that no narrow screen cuts it off.
  {
    id: 'amount',
    header: 'Amount',
    cell: (invoice) => invoice.amountCents !== undefined && <Money cents={invoice.amountCents} />,
  },
  {
    id: 'period',
    header: 'Period',
    cell: (row) => <span className="whitespace-nowrap">{row.period}</span>,
  },
  {
    id: 'issued',
    header: 'Issued',
    cell: (row) => <span className="whitespace-nowrap">{row.issuedOn}</span>,
  },
  {
    id: 'refunded',
    header: 'Refunded',
    cell: (invoice) =>
      invoice.refundedCents ? (
        <Money cents={invoice.refundedCents} />
      ) : (
        <span className="text-dim">None</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (original) => {
      if (!original.state) return '';
      const look = looks[original.state] ?? { icon: CircleDot, tone: 'neutral' };
      return (
        <Badge icon={look.icon} tone={look.tone}>
          {original.state}
        </Badge>
      );
    },
  },
];

/** The customer's invoices. */
export function InvoicesTable({ invoices }: { readonly invoices: readonly Invoice[] }) {
  return (
    <DataTable
      caption="Invoices"
      rows={invoices}
      columns={columns}
      keyOf={(invoice) => invoice.invoiceId}
      empty={<EmptyState title="This customer has no invoices." />}
    />
  );
}
