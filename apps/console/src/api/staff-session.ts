import type { Clock } from '@proofline/kernel';
import type { StepUpChallenge } from './challenge.ts';
import { OAuthError, type OidcClient, type SignInTokens } from './oidc.ts';
import { NoAnswer, NotConfirmed } from './refusal.ts';
import { createStore, type Store } from './store.ts';

/** Renew this long before the token ends. */
const MARGIN_MS = 45_000;

/** Where the sign-in of this tab stands. */
export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signed-out'; readonly because: 'new' | 'ended' | LeftBecause }
  | { readonly kind: 'signed-in'; readonly subject: string };

/** `for-another`: nobody is signed out yet, but somebody else is about to sign in. */
export type LeftBecause = 'left' | 'for-another';

/** An open question to the person: prove yourself (again). */
export interface Prompt {
  readonly challenge: StepUpChallenge;
  /** `sign-in`: the session has run out meanwhile; `step-up`: a request asks for more. */
  readonly kind: 'sign-in' | 'step-up';
  answer(tokens: SignInTokens): void;
  decline(): void;
}

export interface StaffSession {
  readonly state: Store<SessionState>;
  readonly prompt: Store<Prompt | undefined>;
  /** Takes up the session that the browser may still have. */
  start(): Promise<void>;
  /** Takes over the tokens of a sign-in. */
  adopt(tokens: SignInTokens): void;
  accessToken(): Promise<string>;
  /** A token other than the one that was refused. */
  freshAccessToken(refused: string): Promise<string>;
  /** Opens the prompt, or joins the one that is open. @throws NotConfirmed */
  stepUp(challenge: StepUpChallenge): Promise<void>;
  /** Forgets every token: the server ended the session, or the person left. */
  forget(because: 'ended' | LeftBecause): void;
}

interface SessionDeps {
  readonly oidc: OidcClient;
  readonly authorizeSilently: (url: string) => Promise<URLSearchParams>;
  readonly clock: Clock;
  /** Whether the lock stands in the place of the work, and of every dialog over it. */
  readonly isLocked: () => boolean;
  /** Loads the console anew: a tab that was one person's never becomes another's. */
  readonly beginAnew: () => void;
}

interface Held {
  readonly accessToken: string;
  readonly endsAtMs: number;
}

/** The session of this tab. Tokens live in this closure only. */
export function createStaffSession(deps: SessionDeps): StaffSession {
  const state = createStore<SessionState>({ kind: 'starting' });
  const prompt = createStore<Prompt | undefined>(undefined);
  let held: Held | undefined;
  let owner: string | undefined;
  let renewing: Promise<string> | undefined;
  let asking: Promise<void> | undefined;

  const forget = (because: 'ended' | LeftBecause) => {
    held = undefined;
    prompt.get()?.decline();
    state.set({ kind: 'signed-out', because });
  };

  const adopt = (tokens: SignInTokens) => {
    const before = state.get();
    if (before.kind === 'signed-in' && before.subject !== tokens.subject) {
      // Somebody else's passkey: nothing of the first person's screen may stay.
      forget('left');
      throw new NotConfirmed();
    }
    if (owner !== undefined && owner !== tokens.subject) {
      // Not even what memory still holds: the new document finds the new person's session by itself.
      deps.beginAnew();
      return;
    }
    owner = tokens.subject;
    held = {
      accessToken: tokens.accessToken,
      endsAtMs: deps.clock.now() + tokens.expiresInSeconds * 1000,
    };
    if (before.kind !== 'signed-in') state.set({ kind: 'signed-in', subject: tokens.subject });
  };

  const silently = async () => {
    const pending = await deps.oidc.begin({ silent: true });
    adopt(await deps.oidc.finish(pending, await deps.authorizeSilently(pending.url)));
  };

  const ask = (kind: Prompt['kind'], challenge: StepUpChallenge) => {
    // Whoever has left is asked by the page itself: what was still on its way must not ask over it.
    // A locked screen asks for its own passkey: a dialog would open unseen beneath it, hide it from
    // screen readers, and load its frame only with the unlock, when what was pushed for it has expired.
    if (state.get().kind === 'signed-out' || deps.isLocked())
      return Promise.reject(new NotConfirmed());
    asking ??= new Promise<void>((resolve, reject) => {
      const close = () => {
        asking = undefined;
        prompt.set(undefined);
      };
      prompt.set({
        challenge,
        kind,
        answer(tokens) {
          close();
          try {
            adopt(tokens);
            resolve();
          } catch (error) {
            reject(error instanceof Error ? error : new NotConfirmed());
          }
        },
        decline() {
          close();
          reject(new NotConfirmed());
        },
      });
    });
    return asking;
  };

  const renew = () => {
    renewing ??= silently()
      .catch((error: unknown) => {
        if (!(error instanceof OAuthError)) throw error;
        return ask('sign-in', {});
      })
      .then(() => {
        if (!held) throw new NoAnswer('signed out');
        return held.accessToken;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  return {
    state,
    prompt,
    adopt,
    forget,
    async start() {
      await silently().catch((error: unknown) => {
        if (!(error instanceof OAuthError) && !(error instanceof NoAnswer)) throw error;
        state.set({ kind: 'signed-out', because: 'new' });
      });
    },
    async accessToken() {
      return held && held.endsAtMs - deps.clock.now() > MARGIN_MS ? held.accessToken : renew();
    },
    async freshAccessToken(refused) {
      // After a step-up the token just adopted is newer than the one that was refused.
      return held && held.accessToken !== refused ? held.accessToken : renew();
    },
    stepUp: (challenge) => ask('step-up', challenge),
  };
}
