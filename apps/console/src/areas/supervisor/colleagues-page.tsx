import { confirmColleague, listInvitations, type Invitation, type Role } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { roleWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { GuardedButton } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { invitationColumns } from '../people/invitation-columns.tsx';

/** The team lead confirms a new colleague who stands next to them. */
export function ColleaguesPage() {
  const invitations = useRouteQuery(listInvitations, { query: {} });
  return (
    <Page crumbs={[{ label: 'People' }, { label: 'New colleagues' }]}>
      <div className="grid items-start gap-3 xl:grid-cols-[20rem_1fr]">
        <ConfirmSection />
        <Section
          title="Invitations"
          flush
          aside={
            invitations.data && (
              <ListCount
                shown={invitations.data.invitations.length}
                total={invitations.data.total}
              />
            )
          }
        >
          {invitations.isPending && <Loading what="the invitations" />}
          {invitations.error && (
            <div className="p-3">
              <ProblemNotice error={invitations.error} />
            </div>
          )}
          {invitations.data && (
            <DataTable
              caption="Invitations"
              rows={invitations.data.invitations}
              columns={invitationColumns}
              keyOf={({ invitationId }) => invitationId}
              empty={<EmptyState title="Nobody is invited.">HR invites new colleagues.</EmptyState>}
            />
          )}
        </Section>
      </div>
    </Page>
  );
}

function ConfirmSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [role, setRole] = useState<Role>();
  const [done, setDone] = useState<Invitation>();
  const confirm = useRouteMutation(confirmColleague, (invitation) => {
    setDone(invitation);
    setCode('');
    setRole(undefined);
    refreshSoon(queries, ['onboarding.list']);
  });
  useShortcut('c', 'Type the code of a new colleague', () => field.current?.focus());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirm.isPending || !role) return;
    setDone(undefined);
    confirm.mutate({ body: { code, role } });
  };
  return (
    <Section title="Confirm in person">
      <form onSubmit={submit} onChange={() => setDone(undefined)} className="flex flex-col gap-3">
        <p className="text-sm">
          Do this only with the new colleague in the same room. You vouch that the person whom you
          see is the one who was invited. Never take a code on the phone.
        </p>
        <TextField
          ref={field}
          label="Code on their screen"
          inputMode="numeric"
          pattern="\d{6}"
          // The other screen shows the code in two groups of three, with a space between.
          maxLength={7}
          required
          className="font-mono text-xl tracking-[0.2em]"
          value={code}
          onChange={({ target }) => setCode(target.value.replaceAll(/\D/g, '').slice(0, 6))}
        />
        <SelectField
          label="Their role"
          empty="Choose …"
          required
          hint="Only the roles that are yours to give. Any other is given by somebody else."
          choices={self.mayAssign.map((value) => ({ value, label: roleWords[value] }))}
          value={role}
          onChoose={setRole}
        />
        {confirm.error && !done && <ProblemNotice error={confirm.error} />}
        {done && (
          <Notice
            kind="done"
            title={`${done.displayName} is confirmed${done.role ? ` as ${roleWords[done.role].toLowerCase()}` : ''}.`}
          />
        )}
        <GuardedButton
          type="submit"
          variant="primary"
          pending={confirm.isPending}
          refusal={refusalOf(controlFor(self.capabilities, 'onboarding:confirm'))}
        >
          Confirm <KeyHint keys="c" />
        </GuardedButton>
      </form>
    </Section>
  );
}
