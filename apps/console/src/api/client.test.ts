import { fixedClock, systemRandom, type Id } from '@proofline/kernel';
import { listInteractions, readConsoleConfig, readInteraction } from '@proofline/protocol';
import { describe, expect, test } from 'vitest';
import { createAttempts } from './attempts.ts';
import { replyOf, requestOf } from './call-route.ts';
import { parseStepUpHeader, stepUpOf } from './challenge.ts';
import { InvoiceList } from './customer-record.ts';
import { readEvents, type LiveEvent } from './event-feed.ts';
import { parseFieldPlan } from './field-plan.ts';
import { createGateway } from './gateway.ts';
import { createGrants } from './grants.ts';
import { inTime } from './in-time.ts';
import { OAuthError, type OidcClient } from './oidc.ts';
import { NoAnswer, problemOf } from './refusal.ts';

describe('a route of the contract', () => {
  test('becomes a request: path encoded, absent filters left out', () => {
    // A text that is no id, to see that it cannot leave its path segment.
    const interactionId = '../self?x' as Id<'int'>;
    expect(requestOf('https://s.test', readInteraction, { params: { interactionId } }).url).toBe(
      'https://s.test/api/interactions/..%2Fself%3Fx',
    );
    const { url } = requestOf('https://s.test', listInteractions, { query: { state: undefined } });
    expect(url).toBe('https://s.test/api/interactions');
  });

  test('shows nothing of a reply that does not fit', async () => {
    const answer = Response.json({ gatewayOrigin: 'javascript:', companyName: 'x' });
    await expect(replyOf(readConsoleConfig, answer)).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('a step-up challenge', () => {
  test('is read from the header (RFC 9470 §3)', () => {
    const header =
      'DPoP error="insufficient_user_authentication", acr_values="phrh phr", max_age="60"';
    expect(parseStepUpHeader(header)).toEqual({ acr: 'phrh', maxAgeSeconds: 60 });
  });
  test('of unknown strength asks for what it can name', () => {
    const header = 'DPoP error="insufficient_user_authentication", acr_values="gold"';
    expect(parseStepUpHeader(header)).toEqual({});
  });
  test('is not read from another error', () => {
    expect(parseStepUpHeader('DPoP error="invalid_token", max_age="60"')).toBeUndefined();
  });
  test('falls back to the remedies where the header is not exposed', () => {
    const problem = {
      ...problemOf('access.step-up'),
      remedies: [{ kind: 'agent.step-up' as const, acr: 'phr' as const, maxAgeSeconds: 60 }],
    };
    expect(stepUpOf(null, problem)).toEqual({ acr: 'phr', maxAgeSeconds: 60 });
  });
});

describe('what the gateway lets through', () => {
  const plan = { visible: ['plan'], masked: [], hidden: ['health'] };
  const header = Buffer.from(JSON.stringify(plan)).toString('base64url');
  test('comes with the plan of what it left out', () => {
    expect(parseFieldPlan(header)).toEqual(plan);
  });
  test.each([null, '', 'not base64url!', Buffer.from('{"visible":1}').toString('base64url')])(
    'has no plan when the header is %s',
    (text) => expect(parseFieldPlan(text)).toBeUndefined(),
  );
  test('is parsed with whatever is missing', async () => {
    const gateway = createGateway({
      origin: 'https://gw.test',
      fetch: async () =>
        Response.json(
          { accountNumber: 'A/1', cardToken: 'tok' },
          { headers: { 'proofline-fields': header } },
        ),
    });
    const grant = { current: async () => 't', fresh: async () => 't' };
    const read = await gateway.readCustomer({ accountNumber: 'A/1', grant });
    expect(read).toEqual({ value: { accountNumber: 'A/1' }, fields: plan });
  });
  test('shows no invoice of which even the number is missing', () => {
    expect(InvoiceList.safeParse([{ amountCents: 1 }]).success).toBe(false);
    expect(InvoiceList.parse([{ invoiceId: 'i', cardToken: 't' }])).toEqual([{ invoiceId: 'i' }]);
  });
});

describe('an attempt', () => {
  const content = { kind: 'refund', body: { amountCents: 1 } };
  test('is one request however often it is pressed', async () => {
    const attempts = createAttempts(systemRandom);
    const keys: string[] = [];
    const send = async (key: string) => void keys.push(key);
    await Promise.all([attempts.run(content, send), attempts.run({ ...content }, send)]);
    expect(keys).toHaveLength(1);
  });
  test('keeps its key until it has come through, then gets another', async () => {
    const attempts = createAttempts(systemRandom);
    const keys: string[] = [];
    const fail = async (key: string) => {
      keys.push(key);
      throw new NoAnswer('x');
    };
    await expect(attempts.run(content, fail)).rejects.toThrow('x');
    await attempts.run(content, async (key) => void keys.push(key));
    await attempts.run(content, async (key) => void keys.push(key));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
  test('of other content is another attempt', async () => {
    const attempts = createAttempts(systemRandom);
    const keys = new Set<string>();
    const send = async (key: string) => void keys.add(key);
    await attempts.run(content, send);
    await attempts.run({ kind: 'refund', body: { amountCents: 2 } }, send);
    expect(keys.size).toBe(2);
  });
});

describe('a grant', () => {
  const basis = { caseId: 'cse_1', proofId: 'prf_1' };
  function world(exchange: OidcClient['exchange']) {
    const clock = fixedClock();
    const never = async () => {
      throw new Error('not here');
    };
    const grants = createGrants({
      oidc: { begin: never, finish: never, exchange },
      session: { accessToken: async () => 'at' },
      gatewayOrigin: 'https://gw.test',
      clock,
    });
    return { grants, clock };
  }
  test('is obtained once, renewed before it ends, and says when', async () => {
    let count = 0;
    const { grants, clock } = world(async () => {
      count += 1;
      return { accessToken: `g${count}`, expiresInSeconds: 300 };
    });
    const grant = grants(basis);
    expect(await Promise.all([grant.current(), grant.current()])).toEqual(['g1', 'g1']);
    expect(grant.endsAtMs.get()).toBe(clock.now() + 300_000);
    clock.advance(285_000);
    expect(await grant.current()).toBe('g2');
  });
  test('of another proof is another grant', () => {
    const { grants } = world(async () => ({ accessToken: 'g', expiresInSeconds: 300 }));
    expect(grants(basis)).toBe(grants({ ...basis }));
    expect(grants({ ...basis, proofId: 'prf_2' })).not.toBe(grants(basis));
  });
  test('that is refused says that it has ended, and leaves nothing behind', async () => {
    const { grants } = world(async () => {
      throw new OAuthError('invalid_grant');
    });
    const grant = grants(basis);
    await expect(grant.current()).rejects.toMatchObject({ problem: { code: 'grant.ended' } });
    expect(grant.endsAtMs.get()).toBeUndefined();
  });
  test('that is held goes on to its end when the issuer is silent', async () => {
    const answers = [{ accessToken: 'g', expiresInSeconds: 300 }];
    const { grants, clock } = world(async () => {
      const answer = answers.pop();
      if (!answer) throw new NoAnswer('silence');
      return answer;
    });
    const grant = grants(basis);
    await grant.current();
    clock.advance(285_000);
    await expect(grant.current()).rejects.toBeInstanceOf(NoAnswer);
    expect(grant.endsAtMs.get()).toBe(clock.now() + 15_000);
  });
  test('that arrives after it was dropped is not kept', async () => {
    let arrive: (token: string) => void = () => undefined;
    const { grants } = world(async () => {
      const accessToken = await new Promise<string>((resolve) => (arrive = resolve));
      return { accessToken, expiresInSeconds: 300 };
    });
    const grant = grants(basis);
    const asked = grant.current();
    await Promise.resolve();
    grant.drop();
    arrive('late');
    await asked;
    expect(grant.endsAtMs.get()).toBeUndefined();
  });
});

test('a server that is silent for ever is given up, and one that answers late in its body is not', async () => {
  const silent = inTime(
    (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      ),
    5,
  );
  await expect(silent('https://s.test', {})).rejects.toThrow('aborted');
  let given: AbortSignal | null | undefined;
  const begun = inTime(async (_, { signal }) => {
    given = signal;
    return new Response('later');
  }, 5);
  await begun('https://s.test', {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(given?.aborted).toBe(false);
});

test('live events are read from a stream, in pieces, and nonsense is passed over', async () => {
  const events: LiveEvent[] = [];
  const pieces = [
    'event: interaction.cha',
    'nged\ndata: {"interactionId":"int_1"}\n\n',
    'data: {}\n\nevent: x\ndata: nonsense\n\n',
  ];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  await readEvents(new Response(body), (event) => events.push(event), new AbortController());
  expect(events).toEqual([{ name: 'interaction.changed', data: { interactionId: 'int_1' } }]);
});
