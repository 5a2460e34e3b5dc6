import {
  actions,
  stopCodes,
  stoppableActions,
  stoppableDomains,
  switchKinds,
  SwitchTarget,
  type StopCode,
  type SwitchKind,
} from '@proofline/protocol';
import type { Choice } from '../../ui/field.tsx';

/** The kinds of switches as a person reads them. */
export const kindWords: Readonly<Record<SwitchKind, string>> = {
  action: 'One action',
  domain: 'One domain of actions',
  service: 'One connected system',
  agent: 'One colleague',
  'everything-but-reading': 'Everything but reading',
};

/** The kinds as choices, narrowest first. */
export const kindChoices: readonly Choice<SwitchKind>[] = switchKinds.map((value) => ({
  value,
  label: kindWords[value],
}));

/** The actions that can be stopped. */
export const actionChoices: readonly Choice<string>[] = stoppableActions.map((value) => ({
  value,
  label: `${capital(actions[value].label)} (${value})`,
}));

/** The domains that can be stopped, each with the actions that it has. */
export const domainChoices: readonly Choice<string>[] = stoppableDomains.map((value) => ({
  value,
  label: `${value}: ${stoppableActions
    .filter((action) => action.startsWith(`${value}:`))
    .map((action) => actions[action].label)
    .join(', ')}`,
}));

/** Why something is stopped. */
// `Object.entries` forgets the literal keys that it was given.
export const codeChoices = (Object.entries(stopCodes) as [StopCode, string][]).map(
  ([value, label]): Choice<StopCode> => ({ value, label: capital(label) }),
);

/** How long a switch stands. */
export const minutesChoices: readonly Choice<string>[] = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '24 hours, the longest' },
];

const memberOf: Readonly<Record<SwitchKind, string | undefined>> = {
  action: 'action',
  domain: 'domain',
  service: 'serviceId',
  agent: 'subjectId',
  'everything-but-reading': undefined,
};

/** What the form has chosen, once it is complete. */
export function targetOf(kind: SwitchKind | undefined, name: string | undefined) {
  if (kind === undefined) return undefined;
  const member = memberOf[kind];
  const parsed = SwitchTarget.safeParse({ kind, ...(member !== undefined && { [member]: name }) });
  return parsed.success ? parsed.data : undefined;
}

/** The first letter of a label as a beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
