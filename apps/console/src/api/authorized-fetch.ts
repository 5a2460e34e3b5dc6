import { stepUpOf, type StepUpChallenge } from './challenge.ts';
import type { DpopSigner } from './dpop.ts';
import { isRefusal, NoAnswer, NotConfirmed, readRefusal, type Refusal } from './refusal.ts';
import type { ScreenLock } from './screen-lock.ts';

/** Where the token of an audience comes from. */
export interface TokenSource {
  current(): Promise<string>;
  /** A token other than the one that was refused: after a step-up, or when it had ended. */
  fresh(refused: string): Promise<string>;
}

export interface AuthorizedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface AuthorizedFetchDeps {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly dpop: DpopSigner;
  /** Whether the browser has a network at all. */
  readonly isOnline: () => boolean;
  /** Asks the person for their passkey; rejects with `NotConfirmed` when they decline. */
  readonly stepUp: (challenge: StepUpChallenge) => Promise<void>;
  /** Requests of a locked session wait until it is unlocked; without it, they are refused. */
  readonly lock?: Pick<ScreenLock, 'isLocked' | 'told' | 'whenOpen'>;
  /** Told when the server says that the session itself is over. */
  readonly sessionEnded: () => void;
}

/**
 * Sends a request with its token and its proof of possession, and does the two things that a
 * refusal may ask for: one step-up (RFC 9470), or one newer token. The request itself is not
 * rebuilt between attempts, so what was typed is what is sent.
 *
 * @throws Refusal, NotConfirmed, NoAnswer
 */
export function createAuthorizedFetch(deps: AuthorizedFetchDeps) {
  return async (request: AuthorizedRequest, tokens: TokenSource): Promise<Response> => {
    // Refused at once, and kept nowhere: nothing is sent by itself when the network is back.
    if (!deps.isOnline()) throw new NoAnswer('offline', 'not-sent');
    await deps.lock?.whenOpen(request.signal);
    let token = await whenUnlocked(deps, request, () => tokens.current());
    const spent = { stepUp: false, renewal: false };
    for (;;) {
      const response = await sendOnce(deps, request, token);
      if (response.ok) return response;
      const refusal = await readRefusal(response);
      if (deps.lock && isRefusal(refusal, 'session.locked')) {
        deps.lock.told(true);
        await deps.lock.whenOpen(request.signal);
        token = await whenUnlocked(deps, request, () => tokens.current());
        continue;
      }
      const way = wayOn(refusal, response.headers.get('www-authenticate'));
      if (way.kind === 'step-up' && !spent.stepUp) {
        spent.stepUp = true;
        await deps.stepUp(way.challenge);
      } else if (way.kind === 'renewal' && !spent.renewal) {
        spent.renewal = true;
      } else {
        if (isRefusal(refusal, 'session.ended')) deps.sessionEnded();
        throw refusal;
      }
      const refused = token;
      token = await whenUnlocked(deps, request, () => tokens.fresh(refused));
    }
  };
}

/** A token that nobody confirmed because the screen was locked meanwhile is asked for again after it. */
async function whenUnlocked(
  { lock }: AuthorizedFetchDeps,
  { signal }: AuthorizedRequest,
  ask: () => Promise<string>,
): Promise<string> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotConfirmed) || !lock?.isLocked.get()) throw error;
      await lock.whenOpen(signal);
    }
  }
}

type WayOn =
  | { readonly kind: 'step-up'; readonly challenge: StepUpChallenge }
  | { readonly kind: 'renewal' }
  | { readonly kind: 'none' };

function wayOn(refusal: Refusal | NoAnswer, header: string | null): WayOn {
  if (!isRefusal(refusal)) return { kind: 'none' };
  const challenge = stepUpOf(header, refusal.problem);
  if (challenge) return { kind: 'step-up', challenge };
  // A token can end between two of our looks at the clock; one newer one is worth a try. A grant that
  // ended on the way back says what became of the change, which is the person's to repeat or not.
  const isOnlyLate = refusal.problem.detail === undefined;
  return isOnlyLate && isRefusal(refusal, 'token.invalid', 'grant.ended')
    ? { kind: 'renewal' }
    : { kind: 'none' };
}

async function sendOnce(
  deps: AuthorizedFetchDeps,
  request: AuthorizedRequest,
  token: string,
): Promise<Response> {
  const isRead = request.method.toUpperCase() === 'GET';
  const send = async () =>
    deps
      .fetch(request.url, {
        method: request.method.toUpperCase(),
        headers: {
          ...request.headers,
          authorization: `DPoP ${token}`,
          dpop: await deps.dpop.proof({ ...request, accessToken: token }),
        },
        cache: 'no-store',
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal ? { signal: request.signal } : {}),
      })
      .catch((error: unknown) => {
        throw request.signal?.aborted
          ? error
          : new NoAnswer('the server does not answer', isRead ? 'not-read' : 'not-known');
      });
  const response = await send();
  // RFC 9449 §9: the server wants its nonce in the proof; the same request once more.
  return deps.dpop.noteNonce(request.url, response) && response.status === 401 ? send() : response;
}
