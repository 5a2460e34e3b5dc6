import { z } from 'zod';
import { Action, actionNames, actions } from './actions.ts';
import { idOf } from './ids.ts';

/** Why something is stopped, in words that everybody may be told. */
export const stopCodes = {
  'suspected-fraud': 'suspected fraud',
  'account-taken-over': 'an account may have been taken over',
  'data-leak': 'data may be leaking',
  'faulty-integration': 'a connected system does not work as it should',
  'faulty-change': 'a recent change does not work as it should',
  exercise: 'an exercise',
} as const;
/** One of {@link stopCodes}. */
export type StopCode = keyof typeof stopCodes;
// `Object.keys` forgets the literal type that it was given.
const stopCodeNames = Object.keys(stopCodes) as StopCode[];
/** One of {@link stopCodes}. */
export const StopCode = z.enum(stopCodeNames);

/**
 * What no switch ever stops for a colleague: what is needed to lift it, to read the evidence, to end
 * what runs, and to look after their own passkeys, of which nobody else disposes (P1). Whoever must not
 * do these either loses their session.
 */
export const unstoppableActions: ReadonlySet<string> = new Set<Action>([
  'self:read',
  'self:manage',
  'self:prepare',
  'switch:list',
  'switch:throw',
  'switch:lift',
  'person:list',
  'person:read',
  'session:list',
  'session:end',
  'interaction:end',
  'break-glass:list',
  'break-glass:read',
  'break-glass:end',
  'break-glass:review',
  'policy:read',
  'decision:read',
  'evidence:search',
  'evidence:read',
  'evidence:export',
  'erasure:list',
  'erasure:decline',
  'hold:place',
]);

/** How enforcement points ask and report. Stopped only together with the service itself. */
const plumbingDomains: ReadonlySet<string> = new Set(['decision', 'result']);

const readingVerbs: ReadonlySet<string> = new Set(['read', 'read-public', 'list', 'search']);
/** What it takes to read a customer's record. What these lead to besides is decided by itself. */
const readingSteps: ReadonlySet<string> = new Set<Action>([
  'interaction:start',
  'proof:request',
  'grant:issue',
]);

/** The domain of an action: `refund:initiate` → `refund`. */
export function domainOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

/** Whether an action goes on when everything but reading is stopped. */
export function isReading(action: string): boolean {
  return readingVerbs.has(action.slice(action.indexOf(':') + 1)) || readingSteps.has(action);
}

/** Whether only a switch on the service itself stops this. */
export function isPlumbing(action: string): boolean {
  return plumbingDomains.has(domainOf(action));
}

/** The actions that a switch on an action, a domain or everything can stop. */
export const stoppableActions: readonly Action[] = actionNames.filter(
  (action) => !unstoppableActions.has(action) && !isPlumbing(action),
);
/** The domains that have at least one of {@link stoppableActions}. */
export const stoppableDomains: readonly string[] = [...new Set(stoppableActions.map(domainOf))];

/** What a switch stops. */
export const SwitchTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('action'), action: z.enum(stoppableActions) }).strict(),
  z.object({ kind: z.literal('domain'), domain: z.enum(stoppableDomains) }).strict(),
  z.object({ kind: z.literal('service'), serviceId: idOf('svc') }).strict(),
  z.object({ kind: z.literal('agent'), subjectId: idOf('stf') }).strict(),
  z.object({ kind: z.literal('everything-but-reading') }).strict(),
]);
/** What a switch stops. */
export type SwitchTarget = z.infer<typeof SwitchTarget>;

/** The kinds of {@link SwitchTarget}. */
export const switchKinds = [
  'action',
  'domain',
  'service',
  'agent',
  'everything-but-reading',
] as const;
/** One of {@link switchKinds}. */
export type SwitchKind = (typeof switchKinds)[number];

/** How long a switch may stand, in minutes. For longer, it is thrown again. */
export const switchMinutesMax = 24 * 60;

const Named = z.object({ id: z.string(), name: z.string().optional() });

/** A switch as the list shows it. */
export const SwitchSummary = z.object({
  switchId: idOf('swt'),
  target: SwitchTarget,
  /** What it stops, as a noun: «start a refund», «Ana Ruiz». */
  label: z.string(),
  reasonCode: StopCode,
  /** The sentence of whoever threw it. */
  note: z.string(),
  state: z.enum(['standing', 'lifted', 'expired']),
  thrownBy: Named,
  /** Whether the one who reads this threw it; nobody lifts their own. */
  isOwn: z.boolean(),
  thrownAt: z.string(),
  expiresAt: z.string(),
  liftedBy: Named.optional(),
  endedAt: z.string().optional(),
  evidenceId: idOf('evt'),
});
/** A switch as the list shows it. */
export type SwitchSummary = z.infer<typeof SwitchSummary>;

/** What a switch would hit if it were thrown now. */
export const SwitchForecast = z.object({
  label: z.string(),
  /** Colleagues with a live session who could do something of what it stops. */
  people: z.number().int(),
  sessions: z.number().int(),
  /** Calls that ring or are live at these colleagues. */
  calls: z.number().int(),
  /** Permits of the last hour. */
  decisions: z.object({
    stopped: z.number().int(),
    of: z.number().int(),
    /** Only the newest were looked at. */
    isPartial: z.boolean(),
  }),
});
/** What a switch would hit if it were thrown now. */
export type SwitchForecast = z.infer<typeof SwitchForecast>;

/** A stop that affects somebody, as they may be told: without names and without the note. */
export const OwnStop = z.object({ text: z.string(), expiresAt: z.string() });
/** A stop that affects somebody, as they may be told: without names and without the note. */
export type OwnStop = z.infer<typeof OwnStop>;

/** What a target is called in a sentence; names of people and services are the caller's to know. */
export function targetLabel(
  target: SwitchTarget,
  nameOf: (id: string) => string | undefined,
): string {
  switch (target.kind) {
    case 'action':
      return actions[Action.parse(target.action)].label;
    case 'domain':
      return `everything of “${target.domain}”`;
    case 'service':
      return nameOf(target.serviceId) ?? target.serviceId;
    case 'agent':
      return nameOf(target.subjectId) ?? target.subjectId;
    case 'everything-but-reading':
      return 'everything but reading';
  }
}
