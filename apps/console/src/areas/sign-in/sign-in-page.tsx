import { signInPrompt, type SignInPrompt } from '@proofline/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Fingerprint } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { SIGN_IN_FRAME, tellParent } from '../../api/callback-message.ts';
import { openCall } from '../../api/open-call.ts';
import { isRefusal, NotConfirmed } from '../../api/refusal.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading, PropertyList } from '../../ui/surface.tsx';
import { askingText } from './asking-text.ts';
import { OfferedField } from './offered-field.tsx';
import { useSignIn } from './use-sign-in.ts';

const route = getRouteApi('/sign-in/$uid');
/** In the console's own frame; other clients send the whole window here. */
const isFramed = window.parent !== window;
const takesAnybody = isFramed && window.name === SIGN_IN_FRAME;

/** The interaction page of the issuer: says who asks and for what, then asks for the passkey. */
export function SignInPage() {
  const { uid } = route.useParams();
  const prompt = useQuery({
    queryKey: [signInPrompt.id, uid],
    queryFn: ({ signal }) => openCall(signInPrompt, { params: { uid }, signal }),
    retry: false,
    refetchOnWindowFocus: false,
  });
  const content = useToldHeight();
  return (
    <main
      // The page around the frame has a main part of its own.
      aria-label={isFramed ? 'Sign-in' : undefined}
      className={classNames('bg-surface p-4', !isFramed && 'min-h-dvh pt-[12vh]')}
      ref={content}
    >
      <div className={classNames('flex flex-col gap-3', !isFramed && 'mx-auto max-w-md')}>
        {prompt.isPending && <Loading what="the sign-in" />}
        {prompt.error && <Expired error={prompt.error} />}
        {prompt.data && <Ask uid={uid} prompt={prompt.data} />}
      </div>
    </main>
  );
}

/** Tells the console around the frame how high this page is, whenever that changes. */
function useToldHeight() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = content;
    if (!current || !isFramed) return undefined;
    const observer = new ResizeObserver(() =>
      tellParent({
        type: 'proofline.height',
        px: Math.ceil(current.getBoundingClientRect().height),
      }),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return content;
}

/** The dialog around the frame closes on Escape, and does not hear a key that is pressed in here. */
function useLeaveOnEscape(leave: () => void): void {
  useEffect(() => {
    if (!isFramed) return undefined;
    const hear = ({ key }: KeyboardEvent) => key === 'Escape' && leave();
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [leave]);
}

function Ask({ uid, prompt }: { readonly uid: string; readonly prompt: SignInPrompt }) {
  const { prove, cancel, proveOnce, refusals, isOffered } = useSignIn(uid, prompt);
  useLeaveOnEscape(() => {
    if (!prove.isPending && !cancel.isPending) cancel.mutate();
  });
  const { title, why } = askingText(prompt);
  const error = prove.error ?? cancel.error;
  if (isRefusal(error, 'signin.unknown')) return <Expired error={error} />;
  return (
    <>
      <Fingerprint aria-hidden size={28} className="text-accent" />
      <h1 className="text-lg font-medium text-bright">{title}</h1>
      <p>{why}</p>
      {prompt.asks && <Asked asks={prompt.asks} clientName={prompt.clientName} />}
      <p className="text-sm text-dim">
        Your device asks for your fingerprint, face or PIN. Nothing secret leaves it, and nobody can
        do this for you.
      </p>
      {error && !prove.isPending && <Failure error={error} isRepeated={refusals > 1} />}
      <div className="flex flex-wrap gap-2">
        <Button
          autoFocus
          variant="primary"
          pending={prove.isPending || prove.isSuccess}
          onClick={() => proveOnce()}
        >
          {refusals > 1
            ? 'Choose another passkey'
            : prove.error
              ? 'Try again'
              : 'Continue with your passkey'}
        </Button>
        <Button variant="quiet" pending={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel
        </Button>
        {takesAnybody && prompt.kind === 'step-up' && (
          <Button variant="quiet" onClick={() => tellParent({ type: 'proofline.somebody-else' })}>
            Sign in as somebody else
          </Button>
        )}
      </div>
      {isOffered && <OfferedField />}
      {prompt.kind === 'login' && (
        <p className="text-sm">
          {/* Out of the console’s own frame: what begins there goes on for days. */}
          <a href="/recovery" target="_top" className="text-accent underline">
            I have lost my passkey
          </a>
        </p>
      )}
    </>
  );
}

interface AskedProps {
  readonly asks: NonNullable<SignInPrompt['asks']>;
  readonly clientName: string;
}

/** Everything that the passkey says yes to: what is not shown here is in no token. */
function Asked({ asks, clientName }: AskedProps) {
  return asks.map(({ items, says }, at) => (
    // The list never changes while the page is shown.
    // oxlint-disable-next-line react/no-array-index-key
    <section key={at} className="rounded-sm border border-line p-3">
      <h2 className="text-sm font-medium text-bright">
        {clientName} asks to {says}
      </h2>
      <PropertyList items={items} />
    </section>
  ));
}

function Failure({ error, isRepeated }: { readonly error: unknown; readonly isRepeated: boolean }) {
  // What the passkey lacks is told to whom it belongs: trying it again would come to the same.
  const detail = isRefusal(error, 'ceremony.refused') ? error.problem.detail : undefined;
  if (detail !== undefined) return <Notice kind="problem" title={detail} />;
  if (isRepeated && isRefusal(error, 'ceremony.refused')) {
    // A third time the same would come to the same. Which of the causes it is stays untold (P9).
    return (
      <Notice
        kind="problem"
        title="This passkey is not known here. Choose another, or ask your team lead."
      />
    );
  }
  if (!(error instanceof NotConfirmed)) return <ProblemNotice error={error} />;
  // WebAuthn says the same for cancelled, timed out and no passkey here (Level 3 §14.5.2).
  return (
    <p role="alert" className="text-sm text-warn">
      Your device gave no passkey for this page. Try again, or use the device on which you
      registered.
    </p>
  );
}

function Expired({ error }: { readonly error: unknown }) {
  return (
    <>
      <h1 className="text-lg font-medium text-bright">Sign in</h1>
      <ProblemNotice
        error={error}
        actions={
          isFramed && (
            <Button variant="primary" onClick={() => tellParent({ type: 'proofline.restart' })}>
              Start again
            </Button>
          )
        }
      />
      {!isFramed && <p>Go back to the application from which you came, and sign in there again.</p>}
    </>
  );
}
