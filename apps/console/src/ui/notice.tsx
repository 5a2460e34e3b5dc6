import { CircleAlert, CircleCheck, Info, ListTodo } from 'lucide-react';
import type { ReactNode } from 'react';
import { noticeOf } from '../format/notice.ts';
import { classNames } from './class-names.ts';

const looks = {
  problem: { icon: CircleAlert, className: 'border-danger bg-danger-ground', word: 'text-danger' },
  warn: { icon: CircleAlert, className: 'border-warn bg-warn-ground', word: 'text-warn' },
  step: { icon: ListTodo, className: 'border-warn bg-warn-ground', word: 'text-warn' },
  done: { icon: CircleCheck, className: 'border-accent bg-accent-ground', word: 'text-accent' },
  info: { icon: Info, className: 'border-line bg-raised', word: 'text-bright' },
} as const;

/** A message that stays until it is no longer true. */
export function Notice({
  kind = 'info',
  title,
  children,
  actions,
}: {
  readonly kind?: keyof typeof looks;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { icon: Icon, className, word } = looks[kind];
  return (
    <div
      role={kind === 'problem' || kind === 'step' ? 'alert' : 'status'}
      className={classNames('flex gap-2 rounded-md border px-3 py-2 text-sm', className)}
    >
      <Icon aria-hidden size={16} className={classNames('mt-0.5 shrink-0', word)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className={classNames('font-medium', word)}>{title}</p>
        {children && <div className="text-text">{children}</div>}
        {actions && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

const intoView = (node: HTMLElement | null) => node?.scrollIntoView({ block: 'nearest' });

/** What is said of a form that may be longer than its window: brought into sight when it comes. */
export function IntoView({ children }: { readonly children: ReactNode }) {
  return (
    <div ref={intoView} className="scroll-my-4">
      {children}
    </div>
  );
}

/** An error in sentences: what, why, the next step, and the id to quote. */
export function ProblemNotice({
  error,
  actions,
}: {
  readonly error: unknown;
  readonly actions?: ReactNode;
}) {
  const { kind, title, reasons, nextStep, requestId, helpPath } = noticeOf(error);
  return (
    <Notice kind={kind} title={title} actions={actions}>
      {reasons.length > 0 && (
        <ul className="list-disc pl-4">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {nextStep && (
        <p>
          <strong className="font-medium text-bright">Next step: </strong>
          {nextStep}
        </p>
      )}
      {(requestId ?? helpPath) && (
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-text">
          {requestId && <span className="font-mono break-all">Request {requestId}</span>}
          {helpPath && (
            <a href={helpPath} target="_blank" rel="noreferrer" className="underline">
              What this means
            </a>
          )}
        </p>
      )}
    </Notice>
  );
}
