import { actions, type Capability, type Interaction } from '@proofline/protocol';
import { Check, KeyRound, Lock } from 'lucide-react';
import { controlStateOf } from '../../format/control-state.ts';
import { EmptyState, Section } from '../../ui/surface.tsx';

/** What the present proof opens, action by action, and what each of the others lacks. */
export function OpensSection({ call }: { readonly call: Interaction }) {
  const open = call.capabilities.filter(({ allowed }) => allowed).length;
  return (
    <Section
      title="What this opens now"
      aside={
        <span className="text-xs text-dim">
          <span className="text-bright">{open}</span> of {call.capabilities.length}
        </span>
      }
    >
      {call.capabilities.length === 0 ? (
        <EmptyState title="Nothing is open.">
          {call.state === 'ended'
            ? 'The call is over.'
            : 'The caller must prove who they are first.'}
        </EmptyState>
      ) : (
        <ul className="flex flex-col gap-2">
          {call.capabilities.map((capability) => (
            <Line key={capability.action} capability={capability} />
          ))}
        </ul>
      )}
    </Section>
  );
}

const looks = {
  open: { icon: Check, word: 'Open', className: 'text-accent' },
  'open-with': { icon: KeyRound, word: 'Open with a step', className: 'text-bright' },
  refused: { icon: Lock, word: 'Closed', className: 'text-dim' },
} as const;

function Line({ capability }: { readonly capability: Capability }) {
  const state = controlStateOf(capability);
  const { icon: Icon, word, className } = looks[state.kind];
  const { label } = actions[capability.action];
  const why =
    state.kind === 'refused'
      ? [state.refusal.reason, state.refusal.nextStep].filter(Boolean).join(' ')
      : state.kind === 'open-with'
        ? state.hint
        : undefined;
  return (
    <li className="flex gap-2 text-sm">
      <Icon aria-hidden size={15} className={`mt-0.5 shrink-0 ${className}`} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-2">
          <span className={state.kind === 'refused' ? 'text-text' : 'text-bright'}>
            {label.charAt(0).toUpperCase() + label.slice(1)}
          </span>
          <span className={`label-mono ${className}`}>{word}</span>
        </p>
        {why && <p className="text-xs text-dim">{why}</p>}
      </div>
    </li>
  );
}
