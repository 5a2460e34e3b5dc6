import { Lock } from 'lucide-react';
import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react';
import type { RefusalText } from '../format/control-state.ts';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

const looks: Readonly<Record<ButtonVariant, string>> = {
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90 font-medium',
  secondary: 'border-edge bg-surface text-bright hover:bg-raised',
  danger: 'border-danger bg-surface text-danger hover:bg-danger-ground',
  quiet: 'border-transparent text-text hover:bg-raised hover:text-bright',
};
const shape =
  'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md border px-2.5 py-1 text-sm whitespace-nowrap select-none';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly variant?: ButtonVariant;
  readonly icon?: ReactNode;
  /** While true, a second press does nothing. */
  readonly pending?: boolean;
}

/** As long as a person's second press of a double press comes after the first. */
const DOUBLE_PRESS_MS = 400;

/**
 * Whether a press is the first one. `pending` comes back only when the screen is drawn anew, and a
 * double press is faster; so a control that works at something remembers the press by itself.
 */
function usePressGuard(pending: boolean | undefined): (pressedAtMs: number) => boolean {
  const last = useRef(Number.NEGATIVE_INFINITY);
  const wasPending = useRef(false);
  useEffect(() => {
    // The work ended: “Try again” may be pressed at once.
    if (wasPending.current && !pending) last.current = Number.NEGATIVE_INFINITY;
    wasPending.current = pending === true;
  }, [pending]);
  return (pressedAtMs) => {
    if (pending) return false;
    // Without `pending` the control does its work at once, as often as it is pressed.
    if (pending === undefined) return true;
    if (pressedAtMs - last.current < DOUBLE_PRESS_MS) return false;
    last.current = pressedAtMs;
    return true;
  };
}

/** A button. It is never `disabled`: it stays in reach of the keyboard and says why it waits. */
export function Button({ variant = 'secondary', icon, pending, children, ...rest }: ButtonProps) {
  const isFirstPress = usePressGuard(pending);
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={pending ? true : undefined}
      onClick={(event) => {
        if (isFirstPress(event.timeStamp)) rest.onClick?.(event);
        else event.preventDefault();
      }}
      className={classNames(shape, looks[variant], pending && 'opacity-70', rest.className)}
    >
      {icon}
      {children}
      {pending && <span className="pulse">…</span>}
    </button>
  );
}

interface DisabledWithReasonProps {
  readonly refusal: RefusalText;
  readonly children: ReactNode;
  /** `inline`: the reason stands below; `tooltip`: only on focus or hover, where space is short. */
  readonly show?: 'inline' | 'tooltip';
  readonly className?: string;
}

/** A refused control: in reach of the keyboard, says why it is refused and what to do next. */
export function DisabledWithReason(props: DisabledWithReasonProps) {
  const { refusal, children, show = 'inline', className } = props;
  const id = useId();
  const text = [refusal.reason, refusal.nextStep].filter(Boolean).join(' ');
  const button = (
    <button
      type="button"
      aria-disabled="true"
      aria-describedby={id}
      className={classNames(shape, 'border-dashed border-edge text-dim', className)}
    >
      <Lock aria-hidden size={13} />
      {children}
    </button>
  );
  return (
    <span className="inline-flex max-w-full flex-col items-start gap-1">
      <Tooltip text={text}>{button}</Tooltip>
      <span id={id} className={show === 'inline' ? 'text-xs text-dim' : 'sr-only'}>
        {text}
      </span>
    </span>
  );
}

/** One of several refused controls whose one reason stands beside them, in the element named. */
export function ClosedButton({
  describedBy,
  children,
}: {
  readonly describedBy: string;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-disabled="true"
      aria-describedby={describedBy}
      className={classNames(shape, 'border-dashed border-edge text-dim')}
    >
      <Lock aria-hidden size={13} />
      {children}
    </button>
  );
}

/** A {@link Button}, or the same control refused with its reason. */
export function GuardedButton({
  refusal,
  show,
  ...button
}: ButtonProps & {
  readonly refusal: RefusalText | undefined;
  readonly show?: 'inline' | 'tooltip';
}) {
  if (!refusal) return <Button {...button} />;
  return (
    <DisabledWithReason refusal={refusal} {...(show ? { show } : {})}>
      {button.children}
    </DisabledWithReason>
  );
}
