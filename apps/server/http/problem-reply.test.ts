import {
  Problem,
  ProblemError,
  problemCodes,
  problems,
  type ProblemFacts,
} from '@proofline/protocol';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { problemOf, replyProblem } from './problem-reply.ts';

async function replyTo(error: unknown): Promise<Response> {
  const app = new Hono();
  app.get('/', (c) => replyProblem(c, problemOf(error, 'req_1')));
  return app.request('/');
}

describe('a refusal', () => {
  it.each(problemCodes)('%s has the members of RFC 9457 and its own status', async (code) => {
    const response = await replyTo(new ProblemError(code));
    expect(response.status).toBe(problems[code].status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    // RFC 9110 §15.5.2: 401 has a challenge, and nothing else has one.
    expect(response.headers.has('www-authenticate')).toBe(response.status === 401);
    const body = Problem.parse(await response.json());
    const problem: ProblemFacts = problems[code];
    expect(body).toEqual({
      type: problem.type ?? `/docs/errors/${code}`,
      title: problem.text,
      status: problem.status,
      code,
      requestId: 'req_1',
    });
  });

  it('of a foreign error says nothing of it', async () => {
    const response = await replyTo(new TypeError('duplicate key (email)=(ana@example.com)'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/ana|duplicate|TypeError/);
  });

  it('keeps its inner text inside', async () => {
    const error = new ProblemError('access.denied', {
      internal: 'secret',
      detail: 'Ask somebody.',
    });
    const text = await (await replyTo(error)).text();
    expect(text).toContain('Ask somebody.');
    expect(text).not.toContain('secret');
  });

  it('that a step-up would turn says which and how fresh (RFC 9470 §3)', async () => {
    const remedies = [{ kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 }] as const;
    const response = await replyTo(new ProblemError('access.step-up', { remedies }));
    expect(response.headers.get('www-authenticate')).toBe(
      'DPoP error="insufficient_user_authentication", acr_values="phr", max_age="60"',
    );
    expect(await response.json()).toMatchObject({ remedies });
  });

  it.each([
    ['token.missing', 'DPoP algs="ES256 EdDSA"'],
    ['token.invalid', 'DPoP error="invalid_token", algs="ES256 EdDSA"'],
    ['session.ended', 'DPoP error="invalid_token", algs="ES256 EdDSA"'],
  ] as const)('%s challenges as RFC 9449 §7.1 says', async (code, challenge) => {
    const response = await replyTo(new ProblemError(code));
    expect(response.headers.get('www-authenticate')).toBe(challenge);
  });

  it('of too many says when to come again', async () => {
    const response = await replyTo(new ProblemError('request.too-many'));
    expect(response.headers.get('retry-after')).toBe('60');
  });
});
