import type { Interaction } from '@proofline/protocol';
import { useState } from 'react';
import {
  recordListKinds,
  recordLists,
  type ListRow,
  type RecordListKind,
} from '../../api/record-lists.ts';
import { controlFor, isClosed } from '../../format/control-state.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { useRecordList, type OpenAccount } from './account-data.ts';

/** What else of the record this matter and this role open. Each is read when it is asked for. */
export function ListsSection({
  call,
  account,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
}) {
  const [wanted, setWanted] = useState<RecordListKind>();
  const kinds = recordListKinds.filter(
    (kind) => !isClosed(controlFor(call.capabilities, recordLists[kind].action)),
  );
  if (kinds.length === 0) return null;
  // What is closed meanwhile goes, and what was read of it.
  const isShown =
    wanted && controlFor(call.capabilities, recordLists[wanted].action).kind !== 'refused';
  const shown = isShown ? wanted : undefined;
  return (
    <Section title="Also in the record">
      <div className="flex flex-wrap gap-2">
        {kinds.map((kind) => (
          <Button
            key={kind}
            aria-pressed={kind === wanted}
            onClick={() => setWanted(kind === wanted ? undefined : kind)}
          >
            {recordLists[kind].title}
          </Button>
        ))}
      </div>
      {shown && <ListTable key={shown} kind={shown} account={account} />}
    </Section>
  );
}

function ListTable({
  kind,
  account,
}: {
  readonly kind: RecordListKind;
  readonly account: OpenAccount;
}) {
  const rows = useRecordList(account, kind);
  const { title, columns } = recordLists[kind];
  return (
    <div className="mt-3">
      {rows.isPending && <Loading what={title.toLowerCase()} />}
      {rows.error && <ProblemNotice error={rows.error} />}
      {rows.data && (
        <DataTable
          caption={title}
          rows={rows.data.value}
          columns={columnsOf(columns)}
          // The gateway may have left the number out: then the row as a whole tells it apart.
          keyOf={(row) => String(row['id'] ?? JSON.stringify(row))}
          empty={<EmptyState title="Nothing is written down here." />}
        />
      )}
    </div>
  );
}

function columnsOf(heads: Readonly<Record<string, string>>): Column<ListRow>[] {
  return Object.entries(heads).map(([name, header]) => ({
    id: name,
    header,
    cell: (row) => row[name],
  }));
}
