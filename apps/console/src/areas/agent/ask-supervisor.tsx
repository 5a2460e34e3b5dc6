import {
  requestApproval,
  type Action,
  type ApprovalContent,
  type Interaction,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import type { OpenAccount } from './account-data.ts';
import { showAsked } from './asked-of-call.ts';

/** What is typed for the supervisor; kept by the form, so that a refusal in between loses nothing. */
export interface SupervisorNote {
  readonly text: string;
  readonly set: (text: string) => void;
}

/** Asks for the approval of exactly this. */
export function AskSupervisor({
  call,
  account,
  action,
  body,
  note,
  onAsked,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly action: Action;
  readonly body: ApprovalContent['body'];
  readonly note: SupervisorNote;
  readonly onAsked: () => void;
}) {
  const queries = useQueryClient();
  const ask = useRouteMutation(requestApproval, (approval) => {
    showAsked(queries, approval);
    refreshSoon(queries, ['approvals.list']);
    note.set('');
    onAsked();
  });
  const send = () => {
    const text = note.text.trim();
    ask.mutate({
      body: {
        interactionId: call.interactionId,
        action,
        resource: { type: 'Account', id: account.accountNumber },
        body: { ...body },
        ...(text ? { note: text } : {}),
      },
    });
  };
  return (
    <div className="flex w-full flex-col gap-2">
      <TextField
        label="Note to the supervisor"
        hint="Nothing personal. They see exactly what will be sent."
        maxLength={500}
        value={note.text}
        onChange={({ target }) => note.set(target.value)}
        onKeyDown={(event) => {
          if (!isEnter(event)) return;
          // The field stands inside the form of the change: its Enter would send the change again.
          event.preventDefault();
          send();
        }}
      />
      <Button variant="primary" pending={ask.isPending} onClick={send}>
        Ask a supervisor
      </Button>
      {ask.error && <ProblemNotice error={ask.error} />}
    </div>
  );
}

function isEnter({ key, nativeEvent }: KeyboardEvent): boolean {
  return key === 'Enter' && !nativeEvent.isComposing;
}
