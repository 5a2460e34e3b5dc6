import {
  erasureBases,
  forecastErasure,
  requestErasure,
  retentionClasses,
  type ErasureBasis,
  type ErasureForecast,
  type ErasureTarget,
  type RetentionClassName,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { Button, GuardedButton } from '../../../ui/button.tsx';
import { choicesOf, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/surface.tsx';
import { StretchFields } from './stretch-fields.tsx';

type Form = 'fields' | 'entries' | 'prefix';

const formChoices = choicesOf<Form>({
  fields: 'Personal fields of somebody',
  entries: 'Whole entries',
  prefix: 'All old entries below a place',
});
const classChoices = retentionClasses.map((value) => ({ value, label: value }));

/** Asks for an erasure: what, what that would take, on what ground. A second person approves it. */
export function AskErasureSection() {
  const [target, setTarget] = useState<ErasureTarget>();
  return (
    <Section title="Ask for an erasure">
      {target ? (
        <Asking target={target} onDone={() => setTarget(undefined)} />
      ) : (
        <Choosing onChoose={setTarget} />
      )}
    </Section>
  );
}

function Choosing({ onChoose }: { readonly onChoose: (target: ErasureTarget) => void }) {
  const [form, setForm] = useState<Form>('fields');
  const [subject, setSubject] = useState('');
  const [retention, setRetention] = useState<RetentionClassName>();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form === 'fields') onChoose({ form, subject, ...(retention && { retention }) });
    else if (form === 'prefix') onChoose({ form, below: Number(first) });
    else onChoose({ form, start: Number(first), end: Number(last || first) + 1 });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <SelectField
        label="What"
        choices={formChoices}
        value={form}
        onChoose={(chosen) => setForm(chosen ?? 'fields')}
      />
      {form === 'fields' && (
        <>
          <TextField
            label="Of whom"
            hint="An account number, an id, or a pseudonym."
            required
            minLength={3}
            maxLength={120}
            value={subject}
            onChange={({ target: field }) => setSubject(field.value)}
          />
          <SelectField
            label="Which"
            empty="All of them, and the pseudonym"
            choices={classChoices}
            value={retention}
            onChoose={setRetention}
          />
        </>
      )}
      {form === 'entries' && (
        <StretchFields first={first} last={last} onFirst={setFirst} onLast={setLast} />
      )}
      {form === 'prefix' && (
        <TextField
          label="Below entry"
          required
          inputMode="numeric"
          pattern="\d{1,15}"
          value={first}
          onChange={({ target: field }) => setFirst(field.value)}
        />
      )}
      <Button type="submit">See what would go</Button>
    </form>
  );
}

function Asking({
  target,
  onDone,
}: {
  readonly target: ErasureTarget;
  readonly onDone: () => void;
}) {
  const self = useSelf();
  const queries = useQueryClient();
  const [basis, setBasis] = useState<ErasureBasis>();
  const [note, setNote] = useState('');
  const forecast = useRouteQuery(forecastErasure, { body: { target } });
  const ask = useRouteMutation(requestErasure, () => {
    refreshSoon(queries, ['evidence.retention']);
    onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ask.isPending || basis === undefined) return;
    ask.mutate({ body: { target, basis, note } });
  };
  const held = (forecast.data?.holds.length ?? 0) > 0;
  const why = held ? 'A legal hold stands in the way.' : forecast.data?.refusal;
  const unready = forecast.data ? why : 'What would go is not known.';
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {forecast.data && <Forecast found={forecast.data} />}
      {forecast.error && <ProblemNotice error={forecast.error} />}
      <SelectField
        label="On what ground"
        empty="Choose"
        required
        choices={choicesOf(erasureBases)}
        value={basis}
        onChoose={setBasis}
      />
      <TextAreaField
        label="In a sentence"
        hint="For whoever approves it and the auditors. It goes with whom it is about."
        required
        minLength={3}
        maxLength={200}
        value={note}
        onChange={({ target: field }) => setNote(field.value)}
      />
      {ask.error && <ProblemNotice error={ask.error} />}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onDone}>Back</Button>
        <GuardedButton
          type="submit"
          variant="danger"
          pending={ask.isPending}
          refusal={
            refusalOf(controlFor(self.capabilities, 'erasure:request')) ??
            (unready === undefined ? undefined : { reason: unready })
          }
        >
          Ask for it
        </GuardedButton>
      </div>
      <p className="text-xs text-dim">
        Nothing is erased before a second security administrator has approved exactly this.
      </p>
    </form>
  );
}

function Forecast({ found }: { readonly found: ErasureForecast }) {
  const { label, entries, keys, standing, holds, refusal } = found;
  return (
    <Notice
      kind={holds.length > 0 || refusal !== undefined ? 'warn' : 'info'}
      title={`This would erase ${label}.`}
    >
      {entries} entries{keys > 0 && `, ${keys} data keys`}.
      {standing > 0 && ` ${standing} stay, because something rests on them.`}
      {refusal !== undefined && ` ${refusal}`}
      {holds.length > 0 && ` Held by ${holds.join(', ')}.`}
    </Notice>
  );
}
