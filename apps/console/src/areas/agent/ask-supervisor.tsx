import { requestApproval, type Action, type Interaction } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActBody } from '../../api/act-fields.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import type { OpenAccount } from './account-data.ts';

/** Asks for the approval of exactly this. */
export function AskSupervisor({
  call,
  account,
  action,
  body,
  onAsked,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly action: Action;
  readonly body: ActBody;
  readonly onAsked: () => void;
}) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const ask = useRouteMutation(requestApproval, () => {
    refreshSoon(queries, ['approvals.list']);
    onAsked();
  });
  return (
    <div className="flex w-full flex-col gap-2">
      <TextField
        label="Note to the supervisor"
        hint="Nothing personal. They see exactly what will be sent."
        maxLength={500}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <Button
        variant="primary"
        pending={ask.isPending}
        onClick={() =>
          ask.mutate({
            body: {
              interactionId: call.interactionId,
              action,
              resource: { type: 'Account', id: account.accountNumber },
              body: { ...body },
              ...(note.trim() ? { note } : {}),
            },
          })
        }
      >
        Ask a supervisor
      </Button>
      {ask.error && <ProblemNotice error={ask.error} />}
    </div>
  );
}
