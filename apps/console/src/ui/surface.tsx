import { useId, type ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A titled part of a page. */
export function Section({
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  readonly title: string;
  /** Stands at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** No padding: the content (a table) reaches the border. */
  readonly flush?: boolean;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classNames('min-w-0 rounded-lg border border-line bg-surface', className)}
    >
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <h2 id={id} className="label-mono text-text">
          {title}
        </h2>
        {aside}
      </div>
      <div className={flush ? '' : 'p-3'}>{children}</div>
    </section>
  );
}

export interface Property {
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and values. */
export function PropertyList({ items }: { readonly items: readonly Property[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">
      {items.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="label-mono pt-0.5 text-dim">{label}</dt>
          <dd className="min-w-0 break-words text-bright">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A list that has nothing to show, and what would fill it. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <p className="font-medium text-bright">{title}</p>
      {children && <div className="max-w-md text-sm text-dim">{children}</div>}
    </div>
  );
}

/** Something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p role="status" className="pulse px-3 py-6 text-sm text-dim">
      Loading {what} …
    </p>
  );
}
