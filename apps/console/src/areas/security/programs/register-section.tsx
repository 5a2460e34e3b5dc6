import {
  registerService,
  scopesOfRole,
  serviceKeyOf,
  type Action,
  type RegisteredRole,
  type ServiceProof,
  type ServiceRecord,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { useUnsent } from '../../../shell/unsent-work.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { choicesOf, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/surface.tsx';
import { ChainFields, useChained } from './chain-fields.tsx';
import { OwnerField, RateField, ScopeFields } from './term-fields.tsx';
import { kindWords, proofWords, whyNoKey } from './service-words.ts';

const RATE = 600;

/** Registers a program: what for, who answers for it, its scopes, and its public key. */
export function RegisterSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState('');
  const [role, setRole] = useState<RegisteredRole>('gateway');
  const [ownerId, setOwnerId] = useState(self.subjectId);
  const [chosen, setChosen] = useState<ReadonlySet<Action>>(new Set());
  const [rate, setRate] = useState(String(RATE));
  const [proves, setProves] = useState<ServiceProof>('dpop');
  const [keyText, setKeyText] = useState('');
  const chain = useChained(role);
  const register = useRouteMutation(registerService, () => {
    setName('');
    setPurpose('');
    setKeyText('');
    setChosen(new Set());
    refreshSoon(queries, ['services.list']);
  });
  useUnsent([name, purpose, keyText].some((text) => text !== '') || chosen.size > 0);
  // What was said of the last one is over as soon as another is begun.
  const edited = () => register.isSuccess && register.reset();
  const usual: readonly Action[] = scopesOfRole[role];
  const scopes = usual.filter((scope) => chosen.has(scope));
  const key = serviceKeyOf(keyText);
  // Nothing is given by default; a service without any scope would be none.
  const refusal =
    refusalOf(controlFor(self.capabilities, 'service:register')) ??
    (scopes.length === 0 ? { reason: 'Choose what it may do.' } : chain.refusal);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (register.isPending || !key || scopes.length === 0) return;
    register.mutate({
      body: {
        name,
        purpose,
        role,
        ownerId,
        scopes,
        ratePerMinute: Number(rate),
        proves,
        key,
        ...chain.body,
      },
    });
  };
  return (
    <Section title="Register a service">
      <form onSubmit={submit} onChange={edited} className="flex flex-col gap-3">
        <TextField
          label="Name"
          required
          maxLength={60}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <TextField
          label="What it is for"
          required
          maxLength={200}
          value={purpose}
          onChange={({ target }) => setPurpose(target.value)}
        />
        <SelectField
          label="Kind"
          choices={choicesOf(kindWords)}
          value={role}
          onChoose={(kind) => {
            setRole(kind ?? 'gateway');
            setChosen(new Set());
          }}
        />
        <ScopeFields usual={usual} chosen={chosen} onChange={setChosen} />
        {role === 'assistant' && <ChainFields value={chain.chained} onChange={chain.setChained} />}
        <OwnerField known={self} value={ownerId} onChoose={setOwnerId} />
        <RateField value={rate} onChange={setRate} />
        <SelectField
          label="How it proves each request"
          hint="It cannot be changed later, and the other way is refused. A copied token opens nothing either way."
          choices={choicesOf(proofWords)}
          value={proves}
          onChoose={(way) => setProves(way ?? 'dpop')}
        />
        <TextAreaField
          label="Its public key"
          hint="A JWK of P-256 or Ed25519, or a certificate. The private key stays where the program runs."
          error={whyNoKey(keyText)}
          rows={4}
          required
          value={keyText}
          onChange={({ target }) => setKeyText(target.value)}
        />
        {register.error && <ProblemNotice error={register.error} />}
        {register.data && <Registered one={register.data} />}
        <GuardedButton
          type="submit"
          variant="primary"
          pending={register.isPending}
          refusal={refusal}
        >
          Register
        </GuardedButton>
      </form>
    </Section>
  );
}

function Registered({ one }: { readonly one: ServiceRecord }) {
  return (
    <Notice kind="done" title={`${one.name} is registered.`}>
      Its client id is <span className="font-mono break-all">{one.serviceId}</span>.{' '}
      {one.proves === 'dpop' && (
        <>Next: give the id to the program, which asks for tokens with it and its key.</>
      )}
      {one.proves.endsWith('certificate') && (
        <>Next: give the id to the program, which connects with its certificate.</>
      )}
      {one.proves === 'signature' && (
        <>
          Next: let the program sign its requests as{' '}
          <span className="font-mono break-all">{one.keys[0]?.kid}</span>, the name of its key.
        </>
      )}
    </Notice>
  );
}
