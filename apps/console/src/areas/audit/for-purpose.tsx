import { openInquiry } from '@proofline/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Page, type Crumb } from '../../shell/page.tsx';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { setInquiry, useInquiry } from './inquiry.ts';

/** A page of what must not be read for nothing: asks once what for, and then shows it. */
export function ForPurpose({
  crumbs,
  children,
}: {
  readonly crumbs: readonly Crumb[];
  readonly children: (inquiryId: string) => ReactNode;
}) {
  const inquiry = useInquiry(useSelf().subjectId);
  if (inquiry) return children(inquiry.inquiryId);
  return (
    <Page crumbs={crumbs}>
      <AskPurpose />
    </Page>
  );
}

/** Asks what evidence is read for. */
export function AskPurpose({ onDone }: { readonly onDone?: () => void }) {
  const { subjectId } = useSelf();
  const [purpose, setPurpose] = useState('');
  const open = useRouteMutation(openInquiry, (opened) => {
    setInquiry({ ...opened, purpose: purpose.trim(), subjectId });
    onDone?.();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ body: { purpose } });
  };
  return (
    <Section title="What do you read this for?">
      <form onSubmit={submit} className="flex max-w-xl flex-col gap-3">
        <p className="text-sm">
          To read an entry or to look for a person has a purpose. Say it once for this piece of
          work: it stands in the log beside your name, with everything that you read for it.
        </p>
        <TextAreaField
          label="Purpose"
          hint="For example: complaint 4711, review of refunds in October. Name nobody, please."
          required
          minLength={3}
          maxLength={500}
          value={purpose}
          onChange={({ target }) => setPurpose(target.value)}
        />
        {open.error && <ProblemNotice error={open.error} />}
        <div>
          <Button type="submit" variant="primary" pending={open.isPending}>
            Go on
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** The purpose under which this tab reads, with the way to end it. */
export function PurposeLine() {
  const inquiry = useInquiry(useSelf().subjectId);
  if (!inquiry) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-dim">
      <span>
        You read for: <span className="text-bright">{inquiry.purpose}</span>
      </span>
      <Button variant="quiet" onClick={() => setInquiry(undefined)}>
        Another purpose
      </Button>
    </p>
  );
}
