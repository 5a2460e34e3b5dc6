import {
  beginVouching,
  vouchForColleague,
  type CredentialJson,
  type OwnRecovery,
  type Vouching,
} from '@proofline/protocol';
import {
  startAuthentication,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { useState, type FormEvent } from 'react';
import { NotConfirmed } from '../../api/refusal.ts';
import type { ConsoleApi } from '../../api/console-api.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { useOwnStep } from './use-own-act.ts';

/** One's word for whoever stands before one: a colleague as their contact, or as an officer a customer too. */
export function VouchSection({ askedBy }: Pick<OwnRecovery, 'askedBy'>) {
  const [matchingCode, setMatchingCode] = useState('');
  const [asked, setAsked] = useState<Vouching>();
  const [isDone, setDone] = useState(false);
  const begin = useRouteMutation(beginVouching, setAsked);
  const sign = useOwnStep(signFor, () => {
    setAsked(undefined);
    setMatchingCode('');
    setDone(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    begin.mutate({ body: { matchingCode: matchingCode.replaceAll(' ', '') } });
  };
  return (
    <Section title="Vouch for somebody in person">
      {askedBy.length > 0 && (
        <Notice
          kind="warn"
          title={`${askedBy.map((one) => one.displayName).join(', ')} may ask for your word.`}
        >
          A recovery has begun, and you are a contact. Sign only when they stand before you.
        </Notice>
      )}
      {isDone && <Notice kind="done" title="You have signed." />}
      {asked ? (
        <Confirm
          asked={asked}
          error={sign.error}
          isPending={sign.isPending}
          onSign={() => sign.run(asked)}
          onLeave={() => setAsked(undefined)}
        />
      ) : (
        <form onSubmit={submit} onChange={() => setDone(false)} className="flex flex-col gap-3">
          <TextField
            label="The code on their screen"
            hint="Eight digits, said to you in person. Never take it from a call or a message."
            required
            inputMode="numeric"
            maxLength={9}
            pattern="[0-9]{4} ?[0-9]{4}"
            value={matchingCode}
            onChange={({ target }) => setMatchingCode(target.value)}
          />
          {begin.error && <ProblemNotice error={begin.error} />}
          <div>
            <Button type="submit" pending={begin.isPending}>
              See whom it is for
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}

function Confirm({
  asked,
  error,
  isPending,
  onLeave,
  onSign,
}: {
  readonly asked: Vouching;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onSign: () => void;
  readonly onLeave: () => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      <p>
        You are asked to sign, as {asked.as === 'contact' ? 'their contact' : 'an officer'}, that{' '}
        <strong className="text-bright">{asked.displayName}</strong> (
        {asked.realm === 'customers' ? 'a customer' : asked.desk}) stands before you and has lost
        every passkey.
      </p>
      <ul className="list-disc pl-5 text-sm">
        <li>You see them in person: no call, no video, no message.</li>
        <li>
          {asked.as === 'contact' ? 'You know them by face.' : 'Their identity card is genuine.'}
        </li>
        <li>They hold the device that shows the code.</li>
      </ul>
      {error && <ProblemNotice error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button autoFocus variant="primary" pending={isPending} onClick={onSign}>
          It is them: sign with my passkey
        </Button>
        <Button variant="quiet" onClick={onLeave}>
          It is not
        </Button>
      </div>
    </div>
  );
}

async function signFor(api: ConsoleApi, { ceremonyId, publicKey }: Vouching): Promise<void> {
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.10.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await startAuthentication({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  const body = { ceremonyId, credential } as unknown as CredentialJson;
  await api.call(vouchForColleague, { body });
}
