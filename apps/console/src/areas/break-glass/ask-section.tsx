import {
  breakGlassCategories,
  breakGlassLimits,
  listBreakGlass,
  requestBreakGlass,
  type BreakGlassCategory,
  type BreakGlassReason,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { useNow } from '../../ui/use-now.ts';
import { whyClosed, type Closed } from './why-closed.ts';
import { categoryChoices, minutesChoices, reasonChoices } from './break-glass-words.ts';

/** Asks for one record: which, what of it, why and for how long. A second person opens it. */
export function AskSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const [accountNumber, setAccountNumber] = useState('');
  const [categories, setCategories] = useState<readonly BreakGlassCategory[]>([]);
  const [reasonCode, setReasonCode] = useState<BreakGlassReason>();
  const [note, setNote] = useState('');
  const [minutes, setMinutes] = useState('30');
  const closed = useClosed();
  const ask = useRouteMutation(requestBreakGlass, () => {
    refreshSoon(queries, ['break-glass.list']);
    setAccountNumber('');
    setCategories([]);
    setNote('');
  });
  useUnsent(accountNumber !== '' || note !== '' || categories.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ask.isPending || reasonCode === undefined || categories.length === 0) return;
    ask.mutate({
      body: {
        accountNumber,
        categories: [...categories],
        reasonCode,
        note,
        minutes: Number(minutes),
      },
    });
  };
  const refusal = refusalOf(controlFor(self.capabilities, 'break-glass:request'));
  const waiting = categories.length === 0 ? { reason: 'Name what you need first.' } : undefined;
  if (closed) {
    return (
      <Section title="Ask for one record">
        <Notice title={closed.title}>{closed.next}</Notice>
      </Section>
    );
  }
  return (
    <Section title="Ask for one record">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label="Account number"
          required
          maxLength={40}
          value={accountNumber}
          onChange={({ target }) => setAccountNumber(target.value)}
        />
        <Categories chosen={categories} onChange={setCategories} />
        <SelectField
          label="Because"
          empty="Choose"
          required
          choices={reasonChoices}
          value={reasonCode}
          onChoose={setReasonCode}
        />
        <TextAreaField
          label="In a sentence"
          hint="The second person reads it before they open, and the third when they judge."
          required
          minLength={breakGlassLimits.noteMinChars}
          maxLength={breakGlassLimits.noteMaxChars}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        <SelectField
          label="For"
          hint="From the opening on. Nothing prolongs it."
          choices={minutesChoices}
          value={minutes}
          onChoose={(chosen) => setMinutes(chosen ?? '30')}
        />
        {ask.error && <ProblemNotice error={ask.error} />}
        <GuardedButton
          type="submit"
          variant="primary"
          pending={ask.isPending}
          refusal={refusal ?? waiting}
        >
          Ask a second person
        </GuardedButton>
        <p className="text-xs text-dim">
          You confirm with your security key. It reads, and can do nothing else. Each reading is
          recorded, you are told of each step, and somebody judges it afterwards.
        </p>
      </form>
    </Section>
  );
}

/** What keeps somebody from another access, known before they fill in the form and touch their key. */
function useClosed(): Closed | undefined {
  const list = useRouteQuery(listBreakGlass, { query: {} });
  const nowMs = useNow();
  const own = list.data?.accesses.filter(({ isOwn }) => isOwn) ?? [];
  return whyClosed(own, nowMs);
}

/** Each category by name. Whoever takes all of them is told that this is all there is. */
function Categories({
  chosen,
  onChange,
}: {
  readonly chosen: readonly BreakGlassCategory[];
  readonly onChange: (chosen: readonly BreakGlassCategory[]) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="label-mono mb-1 text-dim">What you need of it</legend>
      {categoryChoices.map(({ value, label }) => (
        <label key={value} className="flex min-h-6 items-center gap-2 text-sm text-text">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(
                target.checked ? [...chosen, value] : chosen.filter((other) => other !== value),
              )
            }
          />
          {label}
        </label>
      ))}
      {chosen.length === breakGlassCategories.length && (
        <Notice kind="warn" title="This is everything that can be opened.">
          The second person reads that you asked for everything.
        </Notice>
      )}
    </fieldset>
  );
}
