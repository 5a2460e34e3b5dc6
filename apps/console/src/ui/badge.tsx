import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Tone = 'neutral' | 'accent' | 'warn' | 'danger';

const tones: Readonly<Record<Tone, string>> = {
  neutral: 'bg-raised text-text',
  accent: 'bg-accent-ground text-accent',
  warn: 'bg-warn-ground text-warn',
  danger: 'bg-danger-ground text-danger',
};

/** A state in a word and an icon; the colour only repeats them. */
export function Badge({
  icon: Icon,
  tone = 'neutral',
  children,
}: {
  readonly icon: LucideIcon;
  readonly tone?: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={classNames(
        'label-mono inline-flex items-center gap-1 rounded-sm px-1.5 py-0.5 whitespace-nowrap',
        tones[tone],
      )}
    >
      <Icon aria-hidden size={12} strokeWidth={2.25} />
      {children}
    </span>
  );
}
