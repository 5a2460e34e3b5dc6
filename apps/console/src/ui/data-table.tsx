import { useRef, type ReactNode, type RefObject } from 'react';
import { useShortcut } from '../shell/shortcuts.tsx';

/** A column: its head, and what it shows of a row. */
export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
}

/** A dense table; with `walk`, its rows are walked by `j` and `k`. */
export function DataTable<T>({
  caption,
  rows,
  columns,
  keyOf,
  empty,
  walk = false,
}: {
  /** Read out, not shown: the section's title says it to the eye. */
  readonly caption: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  readonly empty: ReactNode;
  readonly walk?: boolean;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  if (rows.length === 0) return empty;
  return (
    <div className="overflow-x-auto" role="group" aria-label={caption} tabIndex={0}>
      {walk && <RowWalker body={body} />}
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
        <tbody ref={body}>
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

/** `j` and `k` walk the links of a table's first column. */
function RowWalker({ body }: { readonly body: RefObject<HTMLElement | null> }) {
  const step = (by: number) => {
    const links = [
      ...(body.current?.querySelectorAll<HTMLAnchorElement>('td:first-child a') ?? []),
    ];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by));
    links[next]?.focus();
  };
  useShortcut('j', 'Next row', () => step(1));
  useShortcut('k', 'Previous row', () => step(-1));
  return null;
}
