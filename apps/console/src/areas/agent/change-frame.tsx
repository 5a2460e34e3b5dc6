import type { Interaction } from '@proofline/protocol';
import type { FormEvent, ReactNode } from 'react';
import type { RecordChange } from '../../api/gateway.ts';
import { recordChanges } from '../../api/record-acts.ts';
import { controlFor } from '../../format/control-state.ts';
import { Button, DisabledWithReason } from '../../ui/button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';

/** How the last attempt came out, as a mutation tells it. */
export interface Attempt {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly error: unknown;
}

/** One change as a form: its fields, its control or why that is refused, and how it came out. */
export function ChangeFrame({
  call,
  kind,
  shortcut,
  attempt,
  doneText,
  onSubmit,
  remedy,
  asked,
  children,
}: {
  readonly call: Interaction;
  readonly kind: RecordChange['kind'];
  readonly shortcut?: string;
  readonly attempt: Attempt;
  readonly doneText: string;
  readonly onSubmit: () => void;
  /** What to press when the refusal can be turned. */
  readonly remedy?: ReactNode;
  /** What a supervisor was asked with this form. */
  readonly asked?: ReactNode;
  readonly children: ReactNode;
}) {
  const { action, label } = recordChanges[kind];
  const state = controlFor(call.capabilities, action);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!attempt.isPending && state.kind !== 'refused') onSubmit();
  };
  return (
    <form aria-label={label} onSubmit={submit} className="flex min-w-0 flex-col gap-2.5">
      <h3 className="text-sm font-medium text-bright">{label}</h3>
      {children}
      {attempt.error !== null && <ProblemNotice error={attempt.error} actions={remedy} />}
      {asked}
      {attempt.isSuccess && <Notice kind="done" title={doneText} />}
      {state.kind === 'refused' ? (
        <DisabledWithReason
          refusal={state.refusal}
          // The refusal above has said it already.
          show={attempt.error === null ? 'inline' : 'tooltip'}
        >
          {label}
        </DisabledWithReason>
      ) : (
        <div className="flex flex-col items-start gap-1">
          <Button type="submit" pending={attempt.isPending}>
            {label} {shortcut && <KeyHint keys={shortcut} />}
          </Button>
          {state.kind === 'open-with' && <p className="text-xs text-dim">{state.hint}</p>}
        </div>
      )}
    </form>
  );
}
