import { inviteColleague, listPeople } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState, type FormEvent } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TextField } from '../../ui/field.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Section } from '../../ui/surface.tsx';

const nothing = { displayName: '', desk: '', employeeNumber: '', email: '', mobile: '' };

/** Invites somebody who has never had an authenticator here. For HR alone: others read why. */
export function InviteSection() {
  const refusal = refusalOf(controlFor(useSelf().capabilities, 'onboarding:invite'));
  if (!refusal) return <InviteForm />;
  return (
    <Section title="Invite a new colleague">
      <EmptyState title="Only HR invites.">Ask your HR officer for an invitation.</EmptyState>
    </Section>
  );
}

/** The form, and in its place the link, which is shown this once. */
function InviteForm() {
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const deskList = useId();
  const people = useRouteQuery(listPeople, { query: {} });
  const desks = people.data?.desks ?? [];
  const [typed, setTyped] = useState(nothing);
  const invite = useRouteMutation(inviteColleague, () => {
    setTyped(nothing);
    refreshSoon(queries, ['onboarding.list']);
  });
  useUnsent(Object.values(typed).some((value) => value !== ''));
  useShortcut('n', 'Invite somebody new', () => field.current?.focus());
  const isDeskUnknown = isRefusal(invite.error, 'onboarding.desk-unknown');
  const desk = typed.desk.trim();
  // The second press means the same desk: another one typed meanwhile is asked about anew.
  const isNewDesk = isDeskUnknown && invite.variables?.body.desk.trim() === desk;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (invite.isPending) return;
    invite.mutate({ body: { ...bodyOf(typed), ...(isNewDesk && { newDesk: true }) } });
  };
  const edit = (name: keyof typeof nothing) => ({
    value: typed[name],
    onChange: ({ target }: { target: { value: string } }) =>
      setTyped({ ...typed, [name]: target.value }),
  });
  return (
    <Section title="Invite a new colleague">
      {invite.data ? (
        <LinkShownOnce
          name={invite.data.invitation.displayName}
          link={invite.data.link}
          onDone={() => invite.reset()}
        />
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-3">
          <TextField ref={field} label="Name" required maxLength={120} {...edit('displayName')} />
          <TextField label="Desk" list={deskList} required maxLength={60} {...edit('desk')} />
          <datalist id={deskList}>
            {desks.map((known) => (
              <option key={known} value={known}>
                {known}
              </option>
            ))}
          </datalist>
          <TextField
            label="Employee number"
            hint="Letters and digits, as in the contract: E-1042."
            className="font-mono"
            pattern="[A-Z]{1,4}-?[0-9]{1,8}"
            required
            {...edit('employeeNumber')}
          />
          <TextField
            label="Work e-mail"
            type="email"
            maxLength={200}
            hint="Where they are told of changes to their passkeys. Only the invitation sets it."
            {...edit('email')}
          />
          <TextField
            label="Mobile"
            type="tel"
            pattern="\+[0-9 ]{6,24}"
            hint="With the country’s code: +44 7700 900123."
            {...edit('mobile')}
          />
          {isNewDesk && (
            <Notice kind="step" title={`A new desk: ${desk}`}>
              Nobody works there yet. There are: {desks.join(', ')}. Press the button again to make
              it, or choose one of these.
            </Notice>
          )}
          {invite.error && !isDeskUnknown && <ProblemNotice error={invite.error} />}
          <Button type="submit" variant="primary" pending={invite.isPending}>
            Make the link <KeyHint keys="n" />
          </Button>
          <p className="text-xs text-dim">
            Only for somebody who has never had a passkey here. Whoever has lost theirs is not
            helped by an invitation, on purpose: nobody can stand in for them.
          </p>
        </form>
      )}
    </Section>
  );
}

/** What was typed, as the contract takes it: a channel that was left empty is none. */
function bodyOf({ email, mobile, ...person }: typeof nothing) {
  const channels = [
    ...(email.trim() === '' ? [] : [{ kind: 'email' as const, address: email.trim() }]),
    ...(mobile.trim() === '' ? [] : [{ kind: 'sms' as const, address: mobile.trim() }]),
  ];
  return { ...person, ...(channels.length > 0 && { channels }) };
}

function LinkShownOnce({
  name,
  link,
  onDone,
}: {
  readonly name: string;
  readonly link: string;
  readonly onDone: () => void;
}) {
  return (
    <Notice
      kind="done"
      title={`The link for ${name} is shown this once.`}
      actions={
        <>
          <CopyButton text={link} label="Copy the link" />
          <Button onClick={onDone}>I have handed it over</Button>
        </>
      }
    >
      <p>
        Hand it over in person. It works once, on the first device that opens it. The account gets
        no role until the team lead has confirmed it.
      </p>
      <p className="mt-2 rounded-md border border-line bg-surface p-2 font-mono text-xs break-all text-bright">
        {link}
      </p>
    </Notice>
  );
}
