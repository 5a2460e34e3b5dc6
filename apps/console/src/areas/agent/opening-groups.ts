import { actions, type Capability } from '@proofline/protocol';
import { controlStateOf, isClosed, type ControlState } from '../../format/control-state.ts';

/** Actions that stand alike for the same reason: said once, not six times. */
export interface OpeningGroup {
  readonly kind: ControlState['kind'];
  /** `Read the account`, … */
  readonly labels: readonly string[];
  /** Why they are closed, or what comes on the way; absent where they are simply open. */
  readonly why?: string;
  /** Nothing that can be done on this call opens them. */
  readonly isClosed: boolean;
}

/** Capabilities grouped by how they stand and why, in the order of their first member. */
export function openingGroups(capabilities: readonly Capability[]): readonly OpeningGroup[] {
  const groups = new Map<string, OpeningGroup & { readonly labels: string[] }>();
  for (const capability of capabilities) {
    const state = controlStateOf(capability);
    const why = whyOf(state);
    const key = `${state.kind} ${isClosed(state)} ${why ?? ''}`;
    const group = groups.get(key) ?? {
      kind: state.kind,
      labels: [],
      isClosed: isClosed(state),
      ...(why ? { why } : {}),
    };
    const { label } = actions[capability.action];
    group.labels.push(label.charAt(0).toUpperCase() + label.slice(1));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function whyOf(state: ControlState): string | undefined {
  if (state.kind === 'open') return undefined;
  if (state.kind === 'open-with') return state.hint;
  return [state.refusal.reason, state.refusal.nextStep].filter(Boolean).join(' ');
}
