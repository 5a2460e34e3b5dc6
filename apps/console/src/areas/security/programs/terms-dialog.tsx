import {
  narrowService,
  scopesOfRole,
  widenService,
  type Action,
  type ServiceRecord,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { knownRefusal } from '../../../format/control-state.ts';
import { FormDialog } from '../../../shell/form-dialog.tsx';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { useUnsent } from '../../../shell/unsent-work.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { IntoView, ProblemNotice } from '../../../ui/notice.tsx';
import { changeOfTerms } from './change-of-terms.ts';
import { OwnerField, RateField, ScopeFields } from './term-fields.tsx';

interface Changing {
  readonly one: ServiceRecord;
  readonly onClose: () => void;
}

/** Gives a service other scopes, another rate or another owner. */
export function TermsDialog({ one, onClose }: Changing) {
  return (
    <FormDialog
      title={`Change ${one.name}`}
      description="To take something away acts at once. To give more takes a touch of your security key."
      onClose={onClose}
    >
      <TermsForm one={one} onClose={onClose} />
    </FormDialog>
  );
}

function TermsForm({ one, onClose }: Changing) {
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const usual: readonly Action[] = scopesOfRole[one.role];
  const [chosen, setChosen] = useState<ReadonlySet<Action>>(
    new Set(one.scopes.map(({ action }) => action)),
  );
  const [rate, setRate] = useState(String(one.ratePerMinute ?? 1));
  const [ownerId, setOwnerId] = useState(one.owner?.subjectId);
  const done = () => {
    onClose();
    refreshSoon(queries, ['services.list']);
  };
  const widen = useRouteMutation(widenService, done);
  const narrow = useRouteMutation(narrowService, done);
  const scopes = usual.filter((scope) => chosen.has(scope));
  const ratePerMinute = Number(rate);
  const change = changeOfTerms(one, { scopes, ratePerMinute, ownerId: ownerId ?? '' });
  const isPending = widen.isPending || narrow.isPending;
  useUnsent(change.kind !== 'none' && !isPending);
  // Something was typed, chosen or tried anew: what was said of the last act is over.
  const forget = () => {
    if (widen.isError) widen.reset();
    if (narrow.isError) narrow.reset();
  };
  const refusal =
    scopes.length === 0
      ? { reason: 'Choose what it may do. To stop it, suspend it.' }
      : change.kind === 'none'
        ? { reason: 'Nothing is changed yet.' }
        : knownRefusal(capabilities, change.kind === 'widen' ? 'service:widen' : 'service:narrow');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (scopes.length === 0 || change.kind === 'none') return;
    forget();
    const params = { serviceId: one.serviceId };
    if (change.kind === 'narrow') {
      narrow.mutate({ params, body: { without: change.without, ratePerMinute } });
    } else {
      const owner = ownerId === undefined ? {} : { ownerId };
      widen.mutate({ params, body: { scopes, ratePerMinute, ...owner } });
    }
  };
  const error = widen.error ?? narrow.error;
  return (
    <form onSubmit={submit} onChange={forget} className="flex flex-col gap-3 px-4 pb-4">
      <ScopeFields usual={usual} chosen={chosen} onChange={setChosen} />
      <OwnerField known={one.owner} value={ownerId} onChoose={setOwnerId} />
      <RateField value={rate} onChange={setRate} />
      {error && (
        <IntoView>
          <ProblemNotice error={error} />
        </IntoView>
      )}
      <GuardedButton type="submit" variant="primary" pending={isPending} refusal={refusal}>
        Change it
      </GuardedButton>
    </form>
  );
}
