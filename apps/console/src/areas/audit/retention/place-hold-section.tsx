import { holdReasons, HoldScope, placeHold, type HoldReason } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { choicesOf, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/surface.tsx';
import { StretchFields } from './stretch-fields.tsx';

type Kind = HoldScope['kind'];

const kindChoices = choicesOf<Kind>({
  subject: 'Everything about somebody',
  case: 'A case',
  range: 'A stretch of the log',
});

/** Keeps something from being erased, from now on, until a second person lifts it. */
export function PlaceHoldSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>('subject');
  const [about, setAbout] = useState('');
  const [last, setLast] = useState('');
  const [reasonCode, setReason] = useState<HoldReason>();
  const [note, setNote] = useState('');
  const place = useRouteMutation(placeHold, () => {
    setAbout('');
    setNote('');
    refreshSoon(queries, ['evidence.retention']);
  });
  const scope = HoldScope.safeParse(
    kind === 'subject'
      ? { kind, subject: about }
      : kind === 'case'
        ? { kind, caseId: about.trim() }
        : { kind, start: Number(about), end: Number(last || about) + 1 },
  ).data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (place.isPending || !scope || !reasonCode) return;
    place.mutate({ body: { scope, reasonCode, note } });
  };
  return (
    <Section title="Place a legal hold">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <SelectField
          label="Keep"
          choices={kindChoices}
          value={kind}
          onChoose={(chosen) => setKind(chosen ?? 'subject')}
        />
        {kind === 'range' ? (
          <StretchFields first={about} last={last} onFirst={setAbout} onLast={setLast} />
        ) : (
          <TextField
            label={kind === 'case' ? 'Case' : 'Of whom'}
            hint={kind === 'case' ? 'Its id: cse_…' : 'An account number, an id, or a pseudonym.'}
            required
            minLength={3}
            maxLength={120}
            value={about}
            onChange={({ target }) => setAbout(target.value)}
          />
        )}
        <SelectField
          label="Because of"
          empty="Choose"
          required
          choices={choicesOf(holdReasons)}
          value={reasonCode}
          onChoose={setReason}
        />
        <TextAreaField
          label="In a sentence"
          required
          minLength={3}
          maxLength={200}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        {place.error && <ProblemNotice error={place.error} />}
        <GuardedButton
          type="submit"
          pending={place.isPending}
          refusal={
            refusalOf(controlFor(self.capabilities, 'hold:place')) ??
            (scope ? undefined : { reason: 'Say first what is to be kept.' })
          }
        >
          Hold it
        </GuardedButton>
      </form>
    </Section>
  );
}
