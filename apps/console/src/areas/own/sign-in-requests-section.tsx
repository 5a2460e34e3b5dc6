import {
  hearApplicationAgain,
  listSignInRequests,
  refuseSignIn,
  type SignInRequest,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, type Choice } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { Countdown, Moment } from '../../ui/time-text.tsx';
import { allowWithPasskey } from './allow-sign-in.ts';
import { useOwnStep } from './use-own-act.ts';

type Silence = '60' | '480' | '1440';

const silences: readonly Choice<Silence>[] = [
  { value: '60', label: 'For an hour' },
  { value: '480', label: 'For eight hours' },
  { value: '1440', label: 'For a day' },
];
const minutesOf = { '60': 60, '480': 480, '1440': 1_440 } as const;

/** Applications that ask one to sign in to them, from elsewhere; and those that one does not hear. */
export function SignInRequestsSection() {
  const queries = useQueryClient();
  const [done, setDone] = useState<Done>();
  const asked = useRouteQuery(listSignInRequests, {});
  const over = (said: string) => {
    setDone({ said, among: asked.data?.requests ?? [] });
    void queries.invalidateQueries({ queryKey: [listSignInRequests.id] });
  };
  const { requests = [], silenced = [] } = asked.data ?? {};
  // Said until another one asks: by then it could be read as being about that one.
  const said = requests.every((one) => isAmong(done, one)) ? done?.said : undefined;
  if (requests.length + silenced.length === 0 && said === undefined) return null;
  return (
    <Section title="Applications that ask you to sign in">
      <div className="flex flex-col gap-4">
        {said !== undefined && <Notice kind="done" title={said} />}
        {requests.map((request) => (
          <RequestItem key={request.requestId} request={request} onOver={over} />
        ))}
        {silenced.map((one) => (
          <SilencedItem key={one.applicationId} one={one} onOver={over} />
        ))}
      </div>
    </Section>
  );
}

interface Done {
  readonly said: string;
  /** What asked at that time. */
  readonly among: readonly SignInRequest[];
}

function isAmong(done: Done | undefined, { requestId }: SignInRequest): boolean {
  return done?.among.some((one) => one.requestId === requestId) ?? false;
}

interface Over {
  readonly onOver: (said: string) => void;
}

function RequestItem({ request, onOver }: Over & { readonly request: SignInRequest }) {
  const { acr, applicationName: name, bindingMessage, requestId, resource, tellsName } = request;
  const [silence, setSilence] = useState<Silence>();
  const allow = useOwnStep(allowWithPasskey, () => onOver(`You have signed in to ${name}.`));
  const refuse = useRouteMutation(refuseSignIn, () => onOver(`You have refused ${name}.`));
  const silenceMinutes = silence && minutesOf[silence];
  const error = allow.error ?? refuse.error;
  return (
    <article aria-label={`${name} asks you to sign in`} className="flex flex-col gap-2 text-sm">
      <p className="text-bright">
        <strong>{name}</strong> asks you to sign in, and shows you:
      </p>
      <p className="rounded-md border border-line bg-raised px-3 py-2 font-mono text-bright break-words">
        {bindingMessage}
      </p>
      <p className="text-dim">
        It is told who you are{tellsName ? ', your name,' : ''} and how you signed in
        {resource !== undefined && `, and gets a token for ${resource}`}. It takes{' '}
        {acr === 'phrh' ? 'a security key' : 'a passkey'}, within{' '}
        <Countdown untilMs={Date.parse(request.expiresAt)} over="no time: it is over" />.
      </p>
      <p>Allow it only if you began this yourself, and see the same words there.</p>
      {error && <ProblemNotice error={error} />}
      <div className="flex flex-wrap items-end gap-2">
        <Button
          variant="primary"
          pending={allow.isPending}
          onClick={() => allow.run({ requestId })}
        >
          Allow with my passkey
        </Button>
        <Button
          variant="danger"
          pending={refuse.isPending}
          onClick={() =>
            refuse.mutate({
              params: { requestId },
              body: silenceMinutes === undefined ? {} : { silenceMinutes },
            })
          }
        >
          Refuse
        </Button>
        <SelectField
          label="And silence it"
          empty="No"
          choices={silences}
          value={silence}
          onChoose={setSilence}
        />
      </div>
    </article>
  );
}

function SilencedItem({
  one: { applicationId, applicationName: name, until },
  onOver,
}: Over & {
  readonly one: {
    readonly applicationId: SignInRequest['applicationId'];
    readonly applicationName: string;
    readonly until: string;
  };
}) {
  const hear = useRouteMutation(hearApplicationAgain, () => onOver(`${name} may ask you again.`));
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
      <p className="text-dim">
        {name} is silenced: it asks you nothing until <Moment at={until} />.
      </p>
      <Button
        pending={hear.isPending}
        aria-label={`Hear ${name} again`}
        onClick={() => hear.mutate({ params: { applicationId } })}
      >
        Hear it again
      </Button>
      {hear.error && <ProblemNotice error={hear.error} />}
    </div>
  );
}
