import { canonicalJson } from '@proofline/kernel';
import type { ApplicationDraft } from '@proofline/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { RefusalText } from '../../format/control-state.ts';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { IntoView, Notice, ProblemNotice } from '../../ui/notice.tsx';
import { SamlParts } from './saml-parts.tsx';
import {
  acrChoices,
  actingChoices,
  agesFor,
  browserChoices,
  draftOf,
  elsewhereChoices,
  kindChoices,
  learnsChoices,
  machineChoices,
  methodChoices,
  protocolChoices,
  realmChoices,
  requestChoices,
  tokenChoices,
  type ApplicationFields,
} from './application-draft.ts';

interface FormProps {
  readonly initial: ApplicationFields;
  readonly act: string;
  readonly refusal: RefusalText | undefined;
  readonly running: {
    readonly error: unknown;
    readonly isIdle: boolean;
    readonly isPending: boolean;
    readonly reset: () => void;
  };
  readonly onSubmit: (draft: ApplicationDraft) => void;
  readonly children?: ReactNode;
}

/** What is registered of an application: to be registered, or to be changed. */
export function ApplicationForm(props: FormProps) {
  const { act, children, initial, onSubmit, refusal, running } = props;
  const [fields, setFields] = useState(initial);
  const [fault, setFault] = useState<string>();
  const set = (changed: Partial<ApplicationFields>) => {
    setFault(undefined);
    setFields({ ...fields, ...changed });
  };
  const isForStaff = fields.realm === 'workforce';
  useUnsent(canonicalJson({ ...fields }) !== canonicalJson({ ...initial }) && !running.isPending);
  // Something was typed, chosen or tried anew: what was said of the last act is over.
  const forget = () => {
    if (!running.isIdle && !running.isPending) running.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (running.isPending) return;
    const draft = draftOf(fields);
    if (typeof draft === 'string') {
      setFault(draft);
      forget();
    } else onSubmit(draft);
  };
  return (
    <form onSubmit={submit} onChange={forget} className="flex flex-col gap-3">
      <TextField
        label="Name"
        hint="As people know it; the sign-in page says it."
        required
        maxLength={60}
        value={fields.name}
        onChange={({ target }) => set({ name: target.value })}
      />
      {initial.name === '' && (
        <SelectField
          label="Who signs in to it"
          choices={realmChoices}
          value={fields.realm}
          onChoose={(realm = 'workforce') =>
            set(realm === 'workforce' ? { realm } : forCustomers(fields))
          }
        />
      )}
      {initial.name === '' && isForStaff && (
        <SelectField
          label="What it speaks"
          choices={protocolChoices}
          value={fields.protocol}
          onChoose={(protocol = 'oidc') => set({ protocol })}
        />
      )}
      {fields.protocol === 'saml' ? (
        <SamlParts fields={fields} set={set} />
      ) : (
        <>
          <Place fields={fields} set={set} />
          <Proof fields={fields} set={set} />
          <Elsewhere fields={fields} set={set} />
          {!isForStaff && <Learns fields={fields} set={set} />}
        </>
      )}
      <Policy fields={fields} set={set} />
      {fields.realm === 'workforce' && <Apis fields={fields} set={set} />}
      <SigningOut fields={fields} set={set} />
      {fault !== undefined && (
        <IntoView key={fault}>
          <Notice kind="problem" title={fault} />
        </IntoView>
      )}
      {running.error !== null && (
        <IntoView>
          <ProblemNotice error={running.error} />
        </IntoView>
      )}
      <GuardedButton type="submit" variant="primary" pending={running.isPending} refusal={refusal}>
        {act}
      </GuardedButton>
      {children}
    </form>
  );
}

/** What is for colleagues’ applications alone is not there, and stands as if it had not been chosen. */
const forCustomers = ({ maxAge }: ApplicationFields): Partial<ApplicationFields> => ({
  realm: 'customers',
  protocol: 'oidc',
  method: 'private_key_jwt',
  tokens: 'bound',
  asksFor: '',
  asksToDo: '',
  serves: '',
  acting: 'never',
  machines: 'any',
  browser: 'any',
  maxAge: agesFor('customers').some(({ value }) => value === maxAge) ? maxAge : '',
});

interface Part {
  readonly fields: ApplicationFields;
  readonly set: (changed: Partial<ApplicationFields>) => void;
}

function Place({ fields, set }: Part) {
  return (
    <>
      <SelectField
        label="What it is"
        choices={kindChoices}
        value={fields.kind}
        onChoose={(kind = 'web') => set({ kind })}
      />
      <TextAreaField
        label="Called back at"
        hint={
          fields.realm === 'workforce'
            ? 'One whole address a line. Nothing else is taken, to the letter.'
            : 'One whole address a line, all on one host. Nothing else is taken, to the letter.'
        }
        required={fields.elsewhere === 'no'}
        rows={2}
        spellCheck={false}
        maxLength={5_000}
        value={fields.addresses}
        onChange={({ target }) => set({ addresses: target.value })}
      />
    </>
  );
}

const mtls = 'self_signed_tls_client_auth';

function Proof({ fields, set }: Part) {
  const isCustomers = fields.realm === 'customers';
  return (
    <>
      <SelectField
        label="How it proves itself"
        hint="Nobody shares a secret with it."
        choices={methodChoices.filter(({ value }) => !(isCustomers && value === mtls))}
        value={fields.method}
        onChoose={(method = 'private_key_jwt') => set({ method })}
      />
      {fields.method === 'private_key_jwt' && (
        <TextAreaField
          label="Its public keys"
          hint='A JWKS, { "keys": [ … ] }, or one JWK; P-256 or Ed25519.'
          required
          rows={4}
          spellCheck={false}
          maxLength={5_000}
          className="font-mono text-xs"
          value={fields.keys}
          onChange={({ target }) => set({ keys: target.value })}
        />
      )}
      {fields.method === mtls && (
        <TextAreaField
          label="Its certificates"
          hint="PEM. Exactly these count, whoever issued them; two while one takes the other’s place."
          required
          rows={4}
          spellCheck={false}
          maxLength={40_000}
          className="font-mono text-xs"
          value={fields.certificates}
          onChange={({ target }) => set({ certificates: target.value })}
        />
      )}
      <SelectField
        label="Access tokens"
        choices={tokenChoices.filter(({ value }) => !(isCustomers && value === 'certificate'))}
        value={fields.tokens}
        onChoose={(tokens = 'bound') => set({ tokens })}
      />
      <SelectField
        label="Sign-in requests"
        choices={requestChoices}
        value={fields.requests}
        onChoose={(requests = 'pushed') => set({ requests })}
      />
    </>
  );
}

function Elsewhere({ fields, set }: Part) {
  return (
    <>
      <SelectField
        label="It asks people who are not at its screen"
        hint={
          fields.realm === 'workforce'
            ? 'On the phone, at a till: they answer here, with a passkey (CIBA).'
            : 'On the phone, in a branch: they answer on their own page, with a passkey (CIBA).'
        }
        choices={elsewhereChoices}
        value={fields.elsewhere}
        onChoose={(elsewhere = 'no') => set({ elsewhere })}
      />
      {fields.elsewhere === 'ping' && (
        <TextField
          label="Told of answers at"
          hint="One whole address, https."
          required
          spellCheck={false}
          maxLength={500}
          value={fields.pingedAt}
          onChange={({ target }) => set({ pingedAt: target.value })}
        />
      )}
    </>
  );
}

function Learns({ fields, set }: Part) {
  return (
    <SelectField
      label="It may ask to be told"
      hint="Each customer reads it, and agrees or does not."
      choices={learnsChoices}
      value={fields.learns}
      onChoose={(learns = 'nothing') => set({ learns })}
    />
  );
}

function Policy({ fields, set }: Part) {
  return (
    <>
      <SelectField
        label={fields.realm === 'workforce' ? 'Colleagues sign in with' : 'Customers sign in with'}
        choices={acrChoices}
        value={fields.acr}
        onChoose={(acr = 'phr') => set({ acr })}
      />
      <SelectField
        label="Their proof is at most as old as"
        hint="The application may ask for more, never for less."
        empty="Their session"
        choices={agesFor(fields.realm, fields.maxAge)}
        value={fields.maxAge}
        onChoose={(maxAge = '') => set({ maxAge })}
      />
      {fields.realm === 'workforce' && <Machine fields={fields} set={set} />}
    </>
  );
}

function Machine({ fields, set }: Part) {
  return (
    <>
      <SelectField
        label="On"
        hint="As their desk says. A passkey makes no other machine of it."
        choices={machineChoices}
        value={fields.machines}
        onChoose={(machines = 'any') => set({ machines })}
      />
      <SelectField
        label="In"
        hint="Whoever was not signed in before comes in at the second try."
        choices={browserChoices}
        value={fields.browser}
        onChoose={(browser = 'any') => set({ browser })}
      />
    </>
  );
}

function SigningOut({ fields, set }: Part) {
  return (
    <>
      <TextField
        label="Told that a session ended at"
        hint="Whatever ended it. Empty: it is not told (back-channel logout)."
        spellCheck={false}
        maxLength={500}
        value={fields.toldAt}
        onChange={({ target }) => set({ toldAt: target.value })}
      />
      <TextAreaField
        label="After signing out, people may go to"
        hint="One whole address a line, or none."
        rows={2}
        spellCheck={false}
        maxLength={5_000}
        value={fields.afterwards}
        onChange={({ target }) => set({ afterwards: target.value })}
      />
    </>
  );
}

function Apis({ fields, set }: Part) {
  return (
    <>
      <TextAreaField
        label="APIs that it may ask tokens for"
        hint="One whole address a line, or none. Each token is for one of them."
        rows={2}
        spellCheck={false}
        maxLength={5_000}
        value={fields.asksFor}
        onChange={({ target }) => set({ asksFor: target.value })}
      />
      <AsksToDo fields={fields} set={set} />
      <TextAreaField
        label="APIs of its own"
        hint="It may ask what a token for one of these is worth."
        rows={2}
        spellCheck={false}
        maxLength={5_000}
        value={fields.serves}
        onChange={({ target }) => set({ serves: target.value })}
      />
      <SelectField
        label="It asks other APIs"
        hint="By token exchange, for APIs that its caller may ask tokens for as well."
        choices={actingChoices}
        value={fields.acting}
        onChoose={(acting = 'never') => set({ acting })}
      />
    </>
  );
}

function AsksToDo({ fields, set }: Part) {
  return (
    <TextAreaField
      label="What it may ask people to agree to"
      hint="JSON, or nothing. People read all of it on the sign-in page, each time (RFC 9396)."
      rows={2}
      spellCheck={false}
      maxLength={10_000}
      className="font-mono text-xs"
      value={fields.asksToDo}
      onChange={({ target }) => set({ asksToDo: target.value })}
    />
  );
}
