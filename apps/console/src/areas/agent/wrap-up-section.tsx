import { recordWrapUp, type CallOutcome, type Interaction } from '@proofline/protocol';
import { useState } from 'react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { choicesOf, SelectField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';

const outcomeWords: Readonly<Record<CallOutcome, string>> = {
  solved: 'Solved',
  'to-be-continued': 'To be continued',
  'passed-on': 'Passed on',
  'not-proved': 'The caller did not prove who they are',
};

/** The first minutes after a call: how it ended, from a closed list. Nothing of the account is open. */
export function WrapUpSection({ call }: { readonly call: Interaction }) {
  const [outcome, setOutcome] = useState<CallOutcome>('solved');
  const record = useRouteMutation(recordWrapUp);
  if (!call.wrapUp?.allowed) return null;
  return (
    <Section title="Wrap-up">
      <form
        aria-label="Wrap-up"
        className="flex flex-col items-start gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (record.isPending) return;
          record.mutate({ params: { interactionId: call.interactionId }, body: { outcome } });
        }}
      >
        <SelectField
          label="How the call ended"
          choices={choicesOf(outcomeWords)}
          value={outcome}
          onChoose={(chosen) => {
            if (chosen) setOutcome(chosen);
            record.reset();
          }}
        />
        {record.error && <ProblemNotice error={record.error} />}
        {record.isSuccess && <Notice kind="done" title="Written down." />}
        <Button type="submit" pending={record.isPending}>
          Write it down
        </Button>
      </form>
    </Section>
  );
}
