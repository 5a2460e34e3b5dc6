import { describe, expect, test } from 'vitest';
import { createAuthorizedFetch, type TokenSource } from './authorized-fetch.ts';
import type { StepUpChallenge } from './challenge.ts';
import { createScreenLock } from './screen-lock.ts';
import { NotConfirmed, NoAnswer, problemOf, Refusal } from './refusal.ts';
import type { ProblemCode } from '@proofline/protocol';

const request = { method: 'POST', url: 'https://gw.test/x?y=1', body: '{"amountCents":4200}' };

function refusal(
  code: ProblemCode,
  headers: Record<string, string> = {},
  detail?: string,
): Response {
  const problem = problemOf(code, detail);
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
const challenge = () =>
  refusal('access.step-up', {
    'www-authenticate':
      'DPoP error="insufficient_user_authentication", acr_values="phr", max_age="60"',
  });

/** A server that gives the answers in turn, and a person who confirms or not. */
function world(answers: readonly (() => Response)[], options: { confirms?: boolean } = {}) {
  const sent: RequestInit[] = [];
  const asked: StepUpChallenge[] = [];
  const nonces: string[] = [];
  let ended = 0;
  const network = { isOnline: true };
  const send = createAuthorizedFetch({
    isOnline: () => network.isOnline,
    fetch: async (_, init) => {
      sent.push(init);
      return answers[sent.length - 1]!();
    },
    dpop: {
      proof: async ({ accessToken, method }) => `proof ${method} ${accessToken} ${nonces.length}`,
      noteNonce: (_, response) => {
        const nonce = response.headers.get('dpop-nonce');
        if (!nonce) return false;
        nonces.push(nonce);
        return true;
      },
    },
    stepUp: async (wanted) => {
      asked.push(wanted);
      if (options.confirms === false) throw new NotConfirmed();
    },
    sessionEnded: () => {
      ended += 1;
    },
  });
  const tokens: TokenSource = { current: async () => 'old', fresh: async () => 'new' };
  const header = (index: number, name: string) => new Headers(sent[index]?.headers).get(name);
  return { send: () => send(request, tokens), sent, asked, header, network, ended: () => ended };
}

const ok = () => new Response('{}', { status: 200 });

describe('an authorized request', () => {
  test('carries its token and a proof bound to it', async () => {
    const { send, header } = world([ok]);
    await send();
    expect(header(0, 'authorization')).toBe('DPoP old');
    expect(header(0, 'dpop')).toBe('proof POST old 0');
  });

  test('RFC 9470: steps up by the challenge and sends the same bytes again', async () => {
    const { send, sent, asked, header } = world([challenge, ok]);
    expect((await send()).status).toBe(200);
    expect(asked).toEqual([{ acr: 'phr', maxAgeSeconds: 60 }]);
    expect(sent[1]?.body).toBe(request.body);
    expect(header(1, 'authorization')).toBe('DPoP new');
  });

  test('steps up once only: a server that is never satisfied gets no endless prompts', async () => {
    const { send, asked } = world([challenge, challenge]);
    await expect(send()).rejects.toBeInstanceOf(Refusal);
    expect(asked).toHaveLength(1);
  });

  test('sends nothing again when the person does not confirm', async () => {
    const { send, sent } = world([challenge], { confirms: false });
    await expect(send()).rejects.toBeInstanceOf(NotConfirmed);
    expect(sent).toHaveLength(1);
  });

  test('takes one newer token when the old one has just ended', async () => {
    const { send, header } = world([() => refusal('grant.ended'), ok]);
    expect((await send()).status).toBe(200);
    expect(header(1, 'authorization')).toBe('DPoP new');
  });

  test('gives up when the newer token is refused too', async () => {
    const { send, sent } = world([() => refusal('grant.ended'), () => refusal('grant.ended')]);
    await expect(send()).rejects.toMatchObject({ problem: { code: 'grant.ended' } });
    expect(sent).toHaveLength(2);
  });

  test('repeats no change of which the gateway says what became of it', async () => {
    const late = () => refusal('grant.ended', {}, 'It has been carried out.');
    const { send, sent } = world([late, ok]);
    await expect(send()).rejects.toMatchObject({ problem: { detail: 'It has been carried out.' } });
    expect(sent).toHaveLength(1);
  });

  test('RFC 9449 §9: repeats once with the nonce that the server asks for', async () => {
    const withNonce = () => refusal('token.proof-invalid', { 'dpop-nonce': 'n1' });
    const { send, header } = world([withNonce, ok]);
    expect((await send()).status).toBe(200);
    expect(header(1, 'dpop')).toBe('proof POST old 1');
  });

  test('says that the session is over, once, and does not try again', async () => {
    const { send, sent, ended } = world([() => refusal('session.ended')]);
    await expect(send()).rejects.toMatchObject({ problem: { code: 'session.ended' } });
    expect(sent).toHaveLength(1);
    expect(ended()).toBe(1);
  });

  test('does not step up on a plain refusal, whatever its headers say', async () => {
    const { send, asked } = world([
      () =>
        refusal('access.denied', {
          'www-authenticate': 'DPoP error="insufficient_user_authentication"',
        }),
    ]);
    await expect(send()).rejects.toBeInstanceOf(Refusal);
    expect(asked).toHaveLength(0);
  });

  test('is refused at once without a network, and not sent when there is one again', async () => {
    const { send, sent, network } = world([ok]);
    network.isOnline = false;
    await expect(send()).rejects.toMatchObject({ silence: 'not-sent' });
    network.isOnline = true;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sent).toEqual([]);
  });

  test('takes an error page that is no problem body for no answer', async () => {
    const { send } = world([() => new Response('<html>', { status: 502 })]);
    await expect(send()).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('a request whose session runs out behind the lock of the screen', () => {
  /** The lock falls while the token is asked for, and nobody confirms beneath it. */
  function locking() {
    const lock = createScreenLock({ tellServer: async () => {}, pause: async () => {} });
    const sent: (string | null)[] = [];
    const send = createAuthorizedFetch({
      isOnline: () => true,
      fetch: async (_, init) => {
        sent.push(new Headers(init.headers).get('authorization'));
        return ok();
      },
      dpop: { proof: async () => 'proof', noteNonce: () => false },
      stepUp: async () => {},
      sessionEnded: () => {},
      lock,
    });
    let asked = 0;
    const current = async () => {
      asked += 1;
      if (asked > 1) return 'unlocked';
      lock.lock('idle');
      throw new NotConfirmed();
    };
    const answer = send(request, { current, fresh: current });
    return { lock, sent, answer, asked: () => asked };
  }

  test('waits for the unlock and goes on with the token of it', async () => {
    const { lock, sent, answer, asked } = locking();
    await new Promise((resolve) => setTimeout(resolve));
    expect({ sent, asked: asked() }).toEqual({ sent: [], asked: 1 });
    lock.told(false);
    expect((await answer).ok).toBe(true);
    expect(sent).toEqual(['DPoP unlocked']);
  });
});
