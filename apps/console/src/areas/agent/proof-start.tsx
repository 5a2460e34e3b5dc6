import { claimCallCode, requestProof, type CaseType, type Interaction } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { caseTypeWords } from '../../format/words.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { choicesOf, SelectField, TextField } from '../../ui/field.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';

/** The two ways to a proof: a code that the customer sees, or a request to the contact on file. */
export function ProofStart({ call }: { readonly call: Interaction }) {
  const [purpose, setPurpose] = useState<CaseType>(call.caseType ?? 'billing');
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label="What the call is about"
        hint="The customer sees it before they confirm. It decides what the proof opens."
        choices={choicesOf(caseTypeWords)}
        value={purpose}
        onChoose={(chosen) => chosen && setPurpose(chosen)}
      />
      <ByCallCode call={call} purpose={purpose} />
      <p className="label-mono flex items-center gap-2 text-dim before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      <ByRequest call={call} purpose={purpose} />
    </div>
  );
}

interface WayProps {
  readonly call: Interaction;
  readonly purpose: CaseType;
}

function ByCallCode({ call, purpose }: WayProps) {
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const claim = useRouteMutation(claimCallCode, () => refreshSoon(queries, ['interactions.read']));
  useShortcut('c', 'Type the call code', () => field.current?.focus());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (claim.isPending || code.trim() === '') return;
    claim.mutate({ params: { interactionId: call.interactionId }, body: { code, purpose } });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextField
        ref={field}
        label="Call code that the customer sees"
        hint="They are signed in on the company’s own page and read it to you."
        className="font-mono text-lg tracking-widest uppercase"
        minLength={4}
        maxLength={12}
        required
        value={code}
        onChange={({ target }) => setCode(target.value)}
      />
      {claim.error && <ProblemNotice error={claim.error} />}
      <Button type="submit" variant="primary" pending={claim.isPending}>
        Find the caller <KeyHint keys="c" />
      </Button>
    </form>
  );
}

function ByRequest({ call, purpose }: WayProps) {
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [accountNumber, setAccountNumber] = useState('');
  const request = useRouteMutation(requestProof, () => refreshSoon(queries, ['interactions.read']));
  useShortcut('s', 'Send a request to the contact on file', () => field.current?.focus());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (request.isPending || accountNumber.trim() === '') return;
    request.mutate({
      params: { interactionId: call.interactionId },
      body: { accountNumber, purpose },
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextField
        ref={field}
        label="Account number that the caller says"
        hint="The message goes to the contact on file, never to one told on the call."
        className="font-mono"
        maxLength={40}
        required
        value={accountNumber}
        onChange={({ target }) => setAccountNumber(target.value)}
      />
      {request.error && <ProblemNotice error={request.error} />}
      <Button type="submit" pending={request.isPending}>
        Send a request to the contact on file <KeyHint keys="s" />
      </Button>
    </form>
  );
}
