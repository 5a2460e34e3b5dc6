import { useRef, type KeyboardEvent, type ReactNode } from 'react';

/** A column: its head, and what it shows of a row. */
export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
}

/** A dense table. Rows are walked with the arrow keys when one of their links has the focus. */
export function DataTable<T>({
  caption,
  rows,
  columns,
  keyOf,
  empty,
}: {
  /** Read out, not shown: the section's title says it to the eye. */
  readonly caption: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  readonly empty: ReactNode;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  if (rows.length === 0) return empty;
  return (
    <div className="overflow-x-auto" role="group" aria-label={caption} tabIndex={0}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map(({ id, header }) => (
              <th
                key={id}
                scope="col"
                className="label-mono px-3 py-2 text-left font-normal whitespace-nowrap text-dim"
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={(event) => walkRows(event, body.current)}>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-raised">
              {columns.map(({ id, cell }) => (
                <td key={id} className="px-3 py-1.5 align-top">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function walkRows(event: KeyboardEvent, body: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !body || !(event.target instanceof HTMLAnchorElement)) return;
  const links = [...body.querySelectorAll<HTMLAnchorElement>('td:first-child a')];
  const row = event.target.closest('tr');
  const at = links.findIndex((link) => link.closest('tr') === row);
  links[at + step]?.focus();
  event.preventDefault();
}
