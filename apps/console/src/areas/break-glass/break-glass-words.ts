import {
  breakGlassCategories,
  breakGlassReasons,
  breakGlassStates,
  type BreakGlass,
  type BreakGlassCategory,
  type BreakGlassEnd,
  type BreakGlassReason,
  type BreakGlassState,
} from '@proofline/protocol';
import {
  CircleCheck,
  CircleX,
  Hourglass,
  LockOpen,
  Scale,
  TimerOff,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { categoryWords } from '../../format/words.ts';
import type { Tone } from '../../ui/badge.tsx';
import type { Choice } from '../../ui/field.tsx';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string;
}

const stateLooks: Readonly<Record<BreakGlassState, Look>> = {
  waiting: { icon: Hourglass, tone: 'warn', word: 'Waits for a second person' },
  lapsed: { icon: TimerOff, tone: 'neutral', word: 'Nobody answered' },
  declined: { icon: CircleX, tone: 'neutral', word: 'Declined' },
  open: { icon: LockOpen, tone: 'danger', word: 'Open' },
  ended: { icon: Scale, tone: 'warn', word: 'To be judged' },
  overdue: { icon: TriangleAlert, tone: 'danger', word: 'Not judged in time' },
  reviewed: { icon: CircleCheck, tone: 'neutral', word: 'Judged' },
};

/** How an access looks, and what its state is called; once judged, with the verdict. */
export function lookOf({ state, verdict }: Pick<BreakGlass, 'state' | 'verdict'>): Look {
  if (verdict === undefined) return stateLooks[state];
  return verdict === 'justified'
    ? { ...stateLooks.reviewed, word: 'Judged: justified' }
    : { icon: CircleX, tone: 'danger', word: 'Judged: not justified' };
}

/** The states as choices of the filter. */
export const stateChoices: readonly Choice<BreakGlassState>[] = breakGlassStates.map((value) => ({
  value,
  label: stateLooks[value].word,
}));

/** Why it ended, in words. */
export const endWords: Readonly<Record<BreakGlassEnd, string>> = {
  time: 'its time was over',
  requester: 'whoever asked ended it',
  opener: 'whoever opened ended it',
  security: 'security ended it',
  'opener-gone': 'whoever opened it left or has another role',
  session: 'a session that it rested on ended',
  clock: 'a clock was turned back',
};

/** The reasons as choices. */
// `Object.entries` forgets the literal keys that it was given.
export const reasonChoices = (
  Object.entries(breakGlassReasons) as [BreakGlassReason, string][]
).map(([value, label]): Choice<BreakGlassReason> => ({ value, label: sentence(label) }));

/** How long it may last. */
export const minutesChoices: readonly Choice<string>[] = [
  { value: '15', label: '15 minutes' },
  { value: '30', label: '30 minutes' },
  { value: '60', label: '60 minutes, the longest' },
];

/** What can be asked for, with its name. */
export const categoryChoices: readonly Choice<BreakGlassCategory>[] = breakGlassCategories.map(
  (value) => ({ value, label: categoryWords[value] }),
);

/** A text as a beginning. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
