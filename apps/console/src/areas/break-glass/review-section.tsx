import {
  breakGlassLimits,
  reviewBreakGlass,
  type BreakGlass,
  type BreakGlassVerdict,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextAreaField, type Choice } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';

const verdicts: readonly Choice<BreakGlassVerdict>[] = [
  { value: 'justified', label: 'It was justified' },
  { value: 'not-justified', label: 'It was not justified' },
];

/** The third person’s verdict: once, with words. */
export function ReviewSection({ access }: { readonly access: BreakGlass }) {
  const queries = useQueryClient();
  const [verdict, setVerdict] = useState<BreakGlassVerdict>();
  const [words, setWords] = useState('');
  const review = useRouteMutation(reviewBreakGlass, () =>
    refreshSoon(queries, ['break-glass.list', 'break-glass.read']),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (review.isPending || verdict === undefined) return;
    review.mutate({ params: { breakGlassId: access.breakGlassId }, body: { verdict, words } });
  };
  return (
    <Section title={`Judge the access to ${access.accountNumber}`}>
      <form onSubmit={submit} className="flex max-w-xl flex-col gap-3">
        <SelectField
          label="Verdict"
          empty="Choose"
          required
          choices={verdicts}
          value={verdict}
          onChoose={setVerdict}
        />
        <TextAreaField
          label="In your words"
          hint="Was it needed, and was no more read than was needed?"
          required
          minLength={breakGlassLimits.noteMinChars}
          maxLength={breakGlassLimits.noteMaxChars}
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
        {review.error && <ProblemNotice error={review.error} />}
        <div>
          <Button type="submit" variant="primary" pending={review.isPending}>
            Give the verdict
          </Button>
        </div>
      </form>
    </Section>
  );
}
