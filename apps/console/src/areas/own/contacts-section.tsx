import { chooseContacts, ownRecovery, type OwnRecovery } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { GuardedButton } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

/** Two signatures at least: one person alone is no proof. */
const NEEDED = 2;

/** The colleagues whose word counts when one has lost every passkey. */
export function ContactsSection({ own }: { readonly own: OwnRecovery }) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[]>(own.contacts.map((one) => one.subjectId));
  const choose = useRouteMutation(chooseContacts, (next) =>
    queries.setQueryData([ownRecovery.id, {}], next),
  );
  const contacts = own.eligible.filter(({ subjectId }) => chosen.includes(subjectId));
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Section title="My recovery contacts">
      <p className="text-sm text-dim">
        Colleagues of your desk who know you. If you lose every passkey, {NEEDED} of them sign that
        you stand before them: one of two proofs. Nobody of HR, security or your leads can be one.
      </p>
      <p className="mt-2 text-sm text-bright">
        {own.contactsChosenAt ? (
          <>
            {own.contacts.map((one) => one.displayName).join(', ')}, chosen{' '}
            <Moment at={own.contactsChosenAt} />
          </>
        ) : (
          'You have chosen nobody.'
        )}
      </p>
      <fieldset className="mt-3 flex flex-col gap-1 text-sm">
        <legend className="label-mono text-dim">Choose two to seven</legend>
        {own.eligible.map(({ displayName, subjectId }) => (
          <label key={subjectId} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={chosen.includes(subjectId)}
              onChange={() => toggle(subjectId)}
            />
            {displayName}
          </label>
        ))}
        {own.eligible.length < NEEDED && (
          <span className="text-dim">There are not enough colleagues to choose from yet.</span>
        )}
      </fieldset>
      {choose.error && <ProblemNotice error={choose.error} />}
      <div className="mt-3">
        <GuardedButton
          refusal={
            contacts.length < NEEDED || contacts.length > 7
              ? { reason: `${contacts.length} are chosen.`, nextStep: 'Choose two to seven.' }
              : undefined
          }
          pending={choose.isPending}
          onClick={() =>
            choose.mutate({
              body: { contacts: contacts.map((one) => one.subjectId), needed: NEEDED },
            })
          }
        >
          Keep these contacts
        </GuardedButton>
      </div>
    </Section>
  );
}
