import type { Problem, ProblemCode } from '@proofline/protocol';
import { learnServerTime } from './clock.ts';

/** Why a call came to nothing: the server's code, or `network` when there was no answer at all. */
export type Failure = ProblemCode | 'network';

/** What a call came to. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

type Headers = Readonly<Record<string, string>>;

const TIMEOUT_MS = 15_000;

/** Reads from this origin's API. */
export function read<T>(path: string, headers: Headers = {}): Promise<Answer<T>> {
  return send<T>(path, { method: 'GET', headers });
}

/** Posts JSON to this origin's API. */
export function post<T = undefined>(
  path: string,
  body: unknown = {},
  headers: Headers = {},
): Promise<Answer<T>> {
  return send<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function send<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    learnServerTime(response.headers.get('date'));
    const text = await response.text();
    // Our own server, held to its contract by its own types.
    if (response.ok) return { ok: true, value: (text ? JSON.parse(text) : undefined) as T };
    return { ok: false, failure: codeOf(text) };
  } catch {
    return { ok: false, failure: 'network' };
  }
}

function codeOf(text: string): Failure {
  try {
    // Our own server's problem body (RFC 9457); whatever else a proxy says counts as no answer.
    return (JSON.parse(text) as Partial<Problem>).code ?? 'network';
  } catch {
    return 'network';
  }
}
