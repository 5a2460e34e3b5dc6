import {
  onboardingState,
  openOnboarding,
  readConsoleConfig,
  type OnboardingState,
} from '@proofline/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, CircleDot, Circle } from 'lucide-react';
import { useState } from 'react';
import { openCall } from '../../api/open-call.ts';
import { isRefusal, NotConfirmed } from '../../api/refusal.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';
import { Countdown } from '../../ui/time-text.tsx';
import { dropSecret, readSecret } from './link-secret.ts';
import { registerPasskey } from './register-passkey.ts';

const KEY = [onboardingState.id];

/** A new colleague's first minutes: open the link, make a passkey, be confirmed by the team lead. */
export function OnboardingPage() {
  const [secret] = useState(() => readSecret(window.location));
  const [isOpened, setOpened] = useState(secret === undefined);
  const queries = useQueryClient();
  const company = useCompanyName();
  const open = useMutation({
    mutationFn: () => openCall(openOnboarding, { body: { secret: secret ?? '' } }),
    onSuccess: (state) => {
      dropSecret();
      queries.setQueryData(KEY, state);
      setOpened(true);
    },
  });
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col gap-4 p-4 pt-[8vh]">
      <p className="font-medium tracking-tight text-bright">Proofline</p>
      {isOpened ? (
        <Opened />
      ) : (
        <>
          <h1 className="text-xl font-medium text-bright">
            Welcome to {company ? `the team of ${company}` : 'the team'}
          </h1>
          {open.error && <ProblemNotice error={open.error} />}
          {!isRefusal(open.error, 'onboarding.link-dead') && (
            <>
              <p>
                This link is for the one person to whom HR handed it, and works once, on the device
                on which it is opened. Go on only if that is you, and if this is the device that you
                will work with. Your name is shown then.
              </p>
              <div>
                <Button
                  autoFocus
                  variant="primary"
                  pending={open.isPending}
                  onClick={() => open.mutate()}
                >
                  Open it on this device
                </Button>
              </div>
            </>
          )}
        </>
      )}
    </main>
  );
}

function useCompanyName(): string | undefined {
  const config = useQuery({
    queryKey: [readConsoleConfig.id],
    queryFn: ({ signal }) => openCall(readConsoleConfig, { signal }),
    staleTime: Infinity,
  });
  return config.data?.companyName;
}

function Opened() {
  const company = useCompanyName();
  const state = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => openCall(onboardingState, { signal }),
    retry: false,
    // Nobody is signed in yet, so there are no live events: ask until somebody has confirmed.
    refetchInterval: ({ state: { data, error } }) =>
      error || data?.state === 'confirmed' ? false : 2000,
  });
  if (state.isPending) return <Loading what="your invitation" />;
  if (!state.data) {
    return (
      <>
        <h1 className="text-xl font-medium text-bright">This invitation cannot be used here</h1>
        <ProblemNotice error={state.error} />
        <p>
          If your account is active already,{' '}
          <a href="/" className="text-accent underline">
            sign in
          </a>
          : this page has forgotten whose it was. If not, ask HR for a new invitation. Nobody else
          can help, and nobody can do it for you.
        </p>
      </>
    );
  }
  const { displayName, desk } = state.data;
  return (
    <>
      <div>
        <h1 className="text-xl font-medium text-bright">Welcome, {displayName}</h1>
        <p className="text-dim">{[desk, company].filter(Boolean).join(' · ')}</p>
      </div>
      {/* A founder needs nobody’s confirmation: their passkey is the one step there is. */}
      <Steps state={state.data} />
      <Step state={state.data} />
    </>
  );
}

const steps = [
  { reached: 'registered', label: 'Make your passkey' },
  { reached: 'confirmed', label: 'Be confirmed by your team lead' },
] as const;
const order: readonly OnboardingState['state'][] = ['opened', 'registered', 'confirmed'];

function Steps({ state: { isFounding, state } }: { readonly state: OnboardingState }) {
  const at = order.indexOf(state);
  const own = isFounding ? steps.slice(0, 1) : steps;
  return (
    <ol className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {own.map(({ reached, label }, index) => {
        const isDone = at >= order.indexOf(reached);
        const isCurrent = at === index;
        const Icon = isDone ? Check : isCurrent ? CircleDot : Circle;
        return (
          <li
            key={label}
            aria-current={isCurrent ? 'step' : undefined}
            className={isCurrent ? 'font-medium text-bright' : 'text-dim'}
          >
            <Icon aria-hidden size={14} className="mr-1.5 inline text-accent" />
            {label}
            {isDone && <span className="sr-only"> (done)</span>}
          </li>
        );
      })}
    </ol>
  );
}

function Step({ state }: { readonly state: OnboardingState }) {
  if (state.state === 'opened') return <MakePasskey />;
  if (state.state === 'registered') return <AwaitConfirmation state={state} />;
  return (
    <Notice
      kind="done"
      title={
        state.isFounding
          ? 'Your passkey is registered. Your account is active.'
          : 'You are confirmed. Your account is active.'
      }
      actions={
        <>
          <a
            href="/my-recovery"
            className="inline-flex min-h-8 items-center rounded-md border border-edge bg-surface px-2.5 text-sm text-bright"
          >
            Make your recovery code
          </a>
          <a
            href="/"
            className="inline-flex min-h-8 items-center rounded-md bg-accent px-2.5 text-sm font-medium text-on-accent"
          >
            Sign in
          </a>
        </>
      }
    >
      From now on your passkey is all that you need. Nobody can reset it, not even support: the way
      back is yours alone, and a recovery code that you make now is one half of it.
    </Notice>
  );
}

function MakePasskey() {
  const queries = useQueryClient();
  const register = useMutation({
    mutationFn: registerPasskey,
    onSuccess: (state) => queries.setQueryData(KEY, state),
  });
  return (
    <>
      <p>
        Your device makes a passkey and asks for your fingerprint, face or PIN. There is no password
        to remember, and nothing that anybody could ask you for on the phone.
      </p>
      {register.error instanceof NotConfirmed ? (
        <Notice kind="warn" title="Your device made no passkey.">
          Nothing is lost. Try again when you are ready.
        </Notice>
      ) : (
        register.error && <ProblemNotice error={register.error} />
      )}
      <div>
        <Button variant="primary" pending={register.isPending} onClick={() => register.mutate()}>
          Make your passkey
        </Button>
      </div>
    </>
  );
}

function AwaitConfirmation({ state }: { readonly state: OnboardingState }) {
  const code = state.confirmationCode ?? '';
  return (
    <>
      <p>
        Show this code to your team lead, who must be in the same room. They see you and type it;
        then your account gets its role.
      </p>
      <p
        aria-label={`Confirmation code ${[...code].join(' ')}`}
        role="img"
        className="rounded-lg border border-line bg-surface py-5 text-center font-mono text-code leading-none tracking-[0.18em] text-bright"
      >
        {code.slice(0, 3)} {code.slice(3)}
      </p>
      <p role="status" className="text-sm text-dim">
        Waiting for your team lead … The code is valid for another{' '}
        <Countdown untilMs={Date.parse(state.expiresAt)} over="moment" />. Never read it out on a
        call.
      </p>
    </>
  );
}
