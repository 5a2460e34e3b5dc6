import {
  forecastSwitch,
  throwSwitch,
  type StopCode,
  type SwitchKind,
  type SwitchTarget,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { SelectField, TextAreaField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { PersonField } from './person-field.tsx';
import { ForecastNotice } from './forecast-notice.tsx';
import {
  actionChoices,
  codeChoices,
  domainChoices,
  kindChoices,
  minutesChoices,
  targetOf,
} from './switch-words.ts';

interface Service {
  readonly serviceId: string;
  readonly name: string;
}
interface Chosen {
  readonly kind: SwitchKind | undefined;
  readonly name: string | undefined;
}

/** Throws a switch: what, what that would hit, why, and for how long. What is chosen stands in the URL. */
export function ThrowSection({
  services,
  kind,
  name,
  onChoose,
}: Chosen & {
  readonly services: readonly Service[];
  readonly onChoose: (chosen: Chosen) => void;
}) {
  const target = targetOf(kind, name);
  return (
    <Section title="Stop something at once">
      <div className="flex flex-col gap-3">
        <SelectField
          label="What to stop"
          empty="Choose"
          choices={kindChoices}
          value={kind}
          onChoose={(chosen) => onChoose({ kind: chosen, name: undefined })}
        />
        {kind !== undefined && kind !== 'everything-but-reading' && (
          <NameField
            kind={kind}
            name={name}
            services={services}
            onChoose={(chosen) => onChoose({ kind, name: chosen })}
          />
        )}
        {target ? (
          <ThrowForm
            key={JSON.stringify(target)}
            target={target}
            onThrown={() => onChoose({ kind: undefined, name: undefined })}
          />
        ) : (
          <p className="text-xs text-dim">
            Choose what to stop, and you see what it would hit before anything happens. Lifting a
            switch, reading the evidence and ending sessions can never be stopped.
          </p>
        )}
      </div>
    </Section>
  );
}

function NameField({
  kind,
  name,
  services,
  onChoose,
}: {
  readonly kind: Exclude<SwitchKind, 'everything-but-reading'>;
  readonly name: string | undefined;
  readonly services: readonly Service[];
  readonly onChoose: (name: string | undefined) => void;
}) {
  if (kind === 'agent')
    return <PersonField label="Colleague" empty="Choose" value={name} onChoose={onChoose} />;
  const fields = {
    action: { label: 'Action', choices: actionChoices },
    domain: { label: 'Domain', choices: domainChoices },
    service: {
      label: 'Connected system',
      choices: services.map(({ serviceId, name: label }) => ({ value: serviceId, label })),
    },
  };
  const { label, choices } = fields[kind];
  return (
    <SelectField label={label} empty="Choose" choices={choices} value={name} onChoose={onChoose} />
  );
}

function ThrowForm({
  target,
  onThrown,
}: {
  readonly target: SwitchTarget;
  readonly onThrown: () => void;
}) {
  const self = useSelf();
  const queries = useQueryClient();
  const [reasonCode, setReasonCode] = useState<StopCode>();
  const [note, setNote] = useState('');
  const [minutes, setMinutes] = useState('60');
  const forecast = useRouteQuery(forecastSwitch, { body: { target } });
  const stop = useRouteMutation(throwSwitch, () => {
    refreshSoon(queries, ['switches.list', 'self.read']);
    onThrown();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (stop.isPending || reasonCode === undefined) return;
    stop.mutate({ body: { target, reasonCode, note, minutes: Number(minutes) } });
  };
  const waiting = forecast.isPending
    ? { reason: 'What it would hit is being counted.' }
    : undefined;
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {forecast.data && <ForecastNotice forecast={forecast.data} />}
      {forecast.error && (
        <Notice kind="warn" title="What it would hit cannot be counted now.">
          You can stop it all the same.
        </Notice>
      )}
      {target.kind === 'agent' && target.subjectId === self.subjectId && (
        <Notice kind="warn" title="This is your own account." />
      )}
      <SelectField
        label="Because of"
        hint="Everybody whom it concerns reads this."
        empty="Choose"
        required
        choices={codeChoices}
        value={reasonCode}
        onChoose={setReasonCode}
      />
      <TextAreaField
        label="In a sentence"
        hint="For security and the auditors only. No customer’s data, please."
        required
        minLength={3}
        maxLength={200}
        value={note}
        onChange={({ target: field }) => setNote(field.value)}
      />
      <SelectField
        label="For"
        hint="It ends by itself. For longer, it is thrown again."
        choices={minutesChoices}
        value={minutes}
        onChoose={(chosen) => setMinutes(chosen ?? '60')}
      />
      {stop.error && <ProblemNotice error={stop.error} />}
      <GuardedButton
        type="submit"
        variant="danger"
        pending={stop.isPending}
        refusal={refusalOf(controlFor(self.capabilities, 'switch:throw')) ?? waiting}
      >
        Stop it now
      </GuardedButton>
      <p className="text-xs text-dim">
        You cannot lift it yourself: a second security administrator can, or it ends by itself.
      </p>
    </form>
  );
}
