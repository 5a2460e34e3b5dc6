import {
  checkPolicies,
  proposePolicies,
  type CaseOutcome,
  type PolicyFault,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isRefusal } from '../../../api/refusal.ts';
import { knownRefusal } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { Button, GuardedButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { policyReads } from '../../../shell/policy-reads.ts';
import { bodyOf } from './draft-body.ts';
import type { Draft } from './draft.ts';
import { Findings } from './findings.tsx';

interface Found {
  /** What was looked at: what is typed afterwards is not. */
  readonly draft: Draft;
  readonly faults: readonly PolicyFault[];
  readonly outcome?: CaseOutcome | undefined;
}

/** Says what a draft is for, looks it over, and proposes it. Nothing becomes live by it. */
export function DraftActs({
  draft,
  onChange,
  onDone,
  onClose,
}: {
  readonly draft: Draft;
  readonly onChange: (next: Draft | undefined) => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const [found, setFound] = useState<Found>();
  const check = useRouteMutation(checkPolicies);
  const propose = useRouteMutation(proposePolicies, () => {
    refreshSoon(queries, policyReads);
    onDone();
  });
  /** Hands the whole set over, once every file of it can be read. */
  const hand = (act: (body: Parameters<typeof propose.mutate>[0]['body']) => void) => {
    const whole = bodyOf(draft);
    check.reset();
    propose.reset();
    if ('body' in whole) act(whole.body);
    else setFound({ draft, faults: whole.faults });
  };
  const refused = isRefusal(propose.error) ? propose.error.problem.faults : undefined;
  const shown = refused ? { draft, faults: refused } : found;
  const error = propose.error ?? check.error;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      <TextField
        label="What it is for"
        maxLength={500}
        value={draft.note}
        onChange={({ target }) => onChange({ ...draft, note: target.value })}
      />
      {error && <ProblemNotice error={error} />}
      {shown && <Findings {...shown} isOld={shown.draft.changed !== draft.changed} />}
      <div className="flex flex-wrap gap-2">
        <GuardedButton
          variant="primary"
          pending={propose.isPending}
          refusal={knownRefusal(capabilities, 'policy:propose')}
          onClick={() => hand((body) => propose.mutate({ body: { ...body, on: draft.on } }))}
        >
          Propose
        </GuardedButton>
        <GuardedButton
          pending={check.isPending}
          refusal={knownRefusal(capabilities, 'policy:rehearse')}
          show="tooltip"
          onClick={() =>
            hand(({ note: _note, ...body }) =>
              check.mutate({ body }, { onSuccess: (reply) => setFound({ draft, ...reply }) }),
            )
          }
        >
          Check
        </GuardedButton>
        <Button onClick={onClose}>Close, keep the draft</Button>
        {draft.changed.size > 0 && (
          <Button variant="danger" onClick={onDone}>
            Discard the draft
          </Button>
        )}
      </div>
    </div>
  );
}
