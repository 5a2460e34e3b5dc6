import { Lock } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';
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

/** A button. It is never `disabled`: it stays in reach of the keyboard and says why it waits. */
export function Button({ variant = 'secondary', icon, pending, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={pending ? true : undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else rest.onClick?.(event);
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
