import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useShortcut } from '../shell/shortcuts.tsx';
import { classNames } from './class-names.ts';

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
    <Sideways caption={caption}>
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
            <tr
              key={keyOf(row)}
              className={classNames('border-b border-line last:border-0', walk && rowOpens)}
            >
              {columns.map(({ id, cell }) => (
                <td key={id} className="px-3 py-1.5 align-top">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

/** The whole row is the way that its first link goes; what else can be pressed in it stays on top. */
const rowOpens =
  "relative hover:bg-raised [&>td:first-child_a]:after:absolute [&>td:first-child_a]:after:inset-0 [&>td:first-child_a]:after:content-[''] [&>td:not(:first-child)_:is(a,button)]:relative [&>td:not(:first-child)_:is(a,button)]:z-10";

/** What is too wide for the screen scrolls sideways, by keyboard too, and says so. */
function Sideways({
  caption,
  children,
}: {
  readonly caption: string;
  readonly children: ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const { current } = frame;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setCut(current.scrollWidth > current.clientWidth));
    observer.observe(current);
    for (const child of current.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <>
      {isCut && (
        <p className="border-b border-line px-3 py-1 text-xs text-dim">
          The table is wider than its place: scroll it sideways.
        </p>
      )}
      <div ref={frame} className="overflow-x-auto" role="group" aria-label={caption} tabIndex={0}>
        {children}
      </div>
    </>
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
