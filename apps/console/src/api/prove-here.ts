import { signInAssertion, signInPrompt } from '@proofline/protocol';
import { assertPasskey } from './assert-passkey.ts';
import type { StepUpChallenge } from './challenge.ts';
import type { OidcClient, SignInTokens } from './oidc.ts';
import { openCall } from './open-call.ts';
import { NoAnswer } from './refusal.ts';

const SIGN_IN_PAGE = /^\/sign-in\/([A-Za-z0-9_-]{10,64})$/;

/** Follows an authorization as a frame would; answers where it came to. */
async function follow(url: string): Promise<URL> {
  const response = await window
    .fetch(url, { cache: 'no-store', headers: { accept: 'text/html' } })
    .catch(() => {
      throw new NoAnswer('the issuer cannot be reached');
    });
  return new URL(response.url);
}

/**
 * A step-up of whoever is signed in, without a page of its own: one press, one touch. Where nobody is
 * signed in any more there is nothing to step up, and the answer is `undefined`.
 *
 * @throws NotConfirmed, Refusal, OAuthError, NoAnswer
 */
export async function proveHere(
  oidc: OidcClient,
  challenge: StepUpChallenge,
): Promise<SignInTokens | undefined> {
  const pending = await oidc.begin(challenge);
  const page = await follow(pending.url);
  const uid = SIGN_IN_PAGE.exec(page.pathname)?.[1];
  // Answered at once, without a question: by an error, which `finish` tells.
  if (uid === undefined) return oidc.finish(pending, page.searchParams);
  const { kind } = await openCall(signInPrompt, { params: { uid } });
  if (kind !== 'step-up') return undefined;
  const body = await assertPasskey(uid);
  const { redirectTo } = await openCall(signInAssertion, { params: { uid }, body });
  const back = await follow(redirectTo);
  return oidc.finish(pending, back.searchParams);
}
