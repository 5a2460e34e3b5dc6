import { fixedClock } from '@proofline/kernel';
import { describe, expect, test } from 'vitest';
import { OAuthError, type OidcClient, type SignInTokens } from './oidc.ts';
import { NotConfirmed } from './refusal.ts';
import { createStaffSession } from './staff-session.ts';

function tokens(accessToken: string, subject = 'stf_a'): SignInTokens {
  return { accessToken, expiresInSeconds: 300, subject };
}

/** A session whose silent authorizations end as told, in turn. */
function world(silent: readonly (SignInTokens | Error)[]) {
  const clock = fixedClock();
  const begun: string[] = [];
  let asked = 0;
  const lock = { isOn: false };
  const oidc: OidcClient = {
    begin: async () => ({ url: 'https://x.test/auth', state: 's' }),
    finish: async () => {
      const outcome = silent[asked];
      asked += 1;
      if (!outcome || outcome instanceof Error) throw outcome ?? new Error('asked too often');
      return outcome;
    },
    exchange: async () => {
      throw new Error('no grants here');
    },
  };
  const session = createStaffSession({
    oidc,
    authorizeSilently: async () => new URLSearchParams(),
    clock,
    isLocked: () => lock.isOn,
    beginAnew: () => begun.push('anew'),
  });
  return { session, clock, lock, asked: () => asked, begun };
}

const loginRequired = new OAuthError('login_required');

describe('the session of a tab', () => {
  test('takes up the browser’s session without a question', async () => {
    const { session } = world([tokens('t1')]);
    await session.start();
    expect(session.state.get()).toEqual({ kind: 'signed-in', subject: 'stf_a' });
    expect(await session.accessToken()).toBe('t1');
  });

  test('asks to sign in when there is none', async () => {
    const { session } = world([loginRequired]);
    await session.start();
    expect(session.state.get()).toEqual({ kind: 'signed-out', because: 'new' });
  });

  test('renews before the token ends, once for everybody who waits', async () => {
    const { session, clock, asked } = world([tokens('t1'), tokens('t2')]);
    await session.start();
    clock.advance(260_000);
    expect(await Promise.all([session.accessToken(), session.accessToken()])).toEqual(['t2', 't2']);
    expect(asked()).toBe(2);
  });

  test('asks in place when the session has run out, and goes on afterwards', async () => {
    const { session, clock } = world([tokens('t1'), loginRequired]);
    await session.start();
    clock.advance(300_000);
    const waiting = session.accessToken();
    await new Promise((resolve) => setTimeout(resolve));
    expect(session.prompt.get()?.kind).toBe('sign-in');
    session.prompt.get()?.answer(tokens('t2'));
    expect(await waiting).toBe('t2');
    expect(session.prompt.get()).toBeUndefined();
  });

  test('opens no dialog beneath a locked screen, and needs none once it is unlocked', async () => {
    const { session, clock, lock } = world([tokens('t1'), loginRequired]);
    await session.start();
    clock.advance(300_000);
    lock.isOn = true;
    for (const waiting of [session.accessToken(), session.stepUp({ acr: 'phr' })])
      await expect(waiting).rejects.toBeInstanceOf(NotConfirmed);
    expect(session.prompt.get()).toBeUndefined();
    session.adopt(tokens('t2'));
    lock.isOn = false;
    expect(await session.accessToken()).toBe('t2');
  });

  test('joins step-ups that come together into one prompt', async () => {
    const { session } = world([tokens('t1')]);
    await session.start();
    const both = Promise.all([session.stepUp({ acr: 'phr' }), session.stepUp({ acr: 'phr' })]);
    session.prompt.get()?.answer(tokens('t2'));
    await both;
    expect(await session.freshAccessToken('t1')).toBe('t2');
  });

  test('says so when the person declines', async () => {
    const { session } = world([tokens('t1')]);
    await session.start();
    const asking = session.stepUp({});
    session.prompt.get()?.decline();
    await expect(asking).rejects.toBeInstanceOf(NotConfirmed);
    expect(session.state.get().kind).toBe('signed-in');
  });

  test('P1: somebody else’s passkey does not continue the first person’s screen', async () => {
    const { session } = world([tokens('t1')]);
    await session.start();
    const asking = session.stepUp({});
    session.prompt.get()?.answer(tokens('t2', 'stf_b'));
    await expect(asking).rejects.toBeInstanceOf(NotConfirmed);
    expect(session.state.get()).toEqual({ kind: 'signed-out', because: 'left' });
  });

  test('begins anew when somebody else signs in where another person was', async () => {
    const { session, begun } = world([tokens('t1')]);
    await session.start();
    session.forget('for-another');
    session.adopt(tokens('t2', 'stf_b'));
    expect(begun).toEqual(['anew']);
    // The document of the first person never gets the second one’s session.
    expect(session.state.get()).toEqual({ kind: 'signed-out', because: 'for-another' });
  });

  test('P6: forgets its token at once when the server ends it, and what was on its way asks nobody', async () => {
    const { session } = world([tokens('t1'), loginRequired]);
    await session.start();
    const late = session.freshAccessToken('t1');
    session.forget('ended');
    expect(session.state.get()).toEqual({ kind: 'signed-out', because: 'ended' });
    for (const waiting of [late, session.accessToken(), session.stepUp({ acr: 'phr' })])
      await expect(waiting).rejects.toBeInstanceOf(NotConfirmed);
    expect(session.prompt.get()).toBeUndefined();
  });
});
