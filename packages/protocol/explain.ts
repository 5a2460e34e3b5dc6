import { z } from 'zod';
import { actions } from './actions.ts';
import { DataCategory } from './data-categories.ts';
import type { Reason, Remedy } from './decision.ts';

/** A decision in words. Refusals, controls and the audit view say exactly these sentences. */
export const Explanation = z.object({
  /** Whether it was permitted and, if not, whether something forbids it or nothing permits it. */
  outcome: z.string(),
  /** Why, a sentence for each policy. */
  because: z.array(z.string()),
  /** What would turn a deny, in the order of doing; all of it together. Empty: nothing that can be done now. */
  change: z.array(z.string()),
});
export type Explanation = z.infer<typeof Explanation>;

/** One fact that a decision was made on, as a sentence. */
export const FactInWords = z.object({
  /** `proof.ageSeconds`. */
  path: z.string(),
  says: z.string(),
  /** Whether a policy that determined the decision asks for it. */
  isDecisive: z.boolean(),
  /** Whether nobody reported it, so that it counted as its declared default. */
  isDefaulted: z.boolean(),
  /** How old it was, where it has an age of its own; any other was asked for at the decision. */
  ageSeconds: z.number().optional(),
});
export type FactInWords = z.infer<typeof FactInWords>;

/** Why the fields of a data category are not shown whole, and what would show them. */
export const FieldInWords = z.object({
  category: DataCategory,
  shown: z.enum(['masked', 'hidden']),
  says: z.string(),
  /** The policies that forbid it or, when none does, that would show it elsewhere. Empty: there is none. */
  policies: z.array(z.string()),
});
export type FieldInWords = z.infer<typeof FieldInWords>;

/** What an explanation is made of. */
export interface Explained {
  readonly effect: 'permit' | 'deny';
  readonly forbidden: boolean;
  readonly reasons: readonly Reason[];
  readonly remedies: readonly Remedy[];
}

/** Explains a decision. The one place where its words are put together. */
export function explain({ effect, forbidden, reasons, remedies }: Explained): Explanation {
  const denied = forbidden ? 'Denied: a policy forbids it.' : 'Denied: no policy permits it.';
  return {
    outcome: effect === 'permit' ? 'Permitted.' : denied,
    because: reasons.map(({ text }) => text).filter((text) => text !== ''),
    change: inOrder(remedies).map(remedySentence),
  };
}

/** The sentences of a refusal as one text: why, and what would change it. */
export function refusalText({
  reasons = [],
  remedies = [],
}: {
  readonly reasons?: readonly Reason[] | undefined;
  readonly remedies?: readonly Remedy[] | undefined;
}): string {
  const { because, change } = explain({ effect: 'deny', forbidden: true, reasons, remedies });
  return [...because, ...change].join(' ');
}

/** Longer than any call needs: an age that only says «on this call». */
const HOUR_SECONDS = 3600;

/** Whether it matters to a person how old a proof is: then it is a matter of minutes. */
export function isAgeTold(maxAgeSeconds: number): boolean {
  return maxAgeSeconds < HOUR_SECONDS;
}

/** The next step that a remedy asks for, as a sentence to the person who was refused. */
export function remedySentence(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'agent.step-up':
      return remedy.acr === 'phrh'
        ? 'Confirm that it is you with your security key.'
        : 'Confirm that it is you with your passkey.';
    case 'customer.proof':
      return isAgeTold(remedy.maxAgeSeconds)
        ? `Ask the customer to prove who they are; the proof may be ${spanText(remedy.maxAgeSeconds)} old at most.`
        : 'Ask the customer to prove who they are.';
    case 'approval':
      return `Ask a supervisor to let you ${actions[remedy.action].label}.`;
    case 'reason-code':
      return 'Choose a reason from the list.';
  }
}

/** The order in which people should do things: others first, one's own passkey last, as it ages fastest. */
const order: readonly Remedy['kind'][] = [
  'reason-code',
  'customer.proof',
  'approval',
  'agent.step-up',
];

/** Remedies in the order of doing. */
export function inOrder(remedies: readonly Remedy[]): readonly Remedy[] {
  return remedies.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Seconds → `5 minutes`, `60 seconds`: for a sentence. */
export function spanText(seconds: number): string {
  if (seconds % HOUR_SECONDS === 0 && seconds > 0) return plural(seconds / HOUR_SECONDS, 'hour');
  return seconds % 60 === 0 && seconds > 60
    ? plural(seconds / 60, 'minute')
    : plural(seconds, 'second');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
