import { lookup } from 'node:dns/promises';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { hostOf, type CallbackTarget } from './callback-target.ts';
import { isInternalAddress } from './internal-address.ts';

const ANSWER_MAX_MS = 5_000;

/** An address that a name stands for now. */
export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** What was sent arrived, and was not taken. */
export class NotTaken extends Error {
  readonly statusCode: number;

  constructor(statusCode: number) {
    super(`the callback was answered with ${statusCode}`);
    this.statusCode = statusCode;
  }
}

/** Name → all its addresses. Rejects where there is none. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>;

/** The system's resolver. */
export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/**
 * The addresses of a target. Empty where it has none, or where one of them is internal and the operator
 * has not said that it may be.
 */
export async function addressesOf(
  target: CallbackTarget,
  resolve: Resolve,
): Promise<readonly Resolved[]> {
  const found = await resolve(hostOf(target.url)).catch(() => []);
  const mayConnect = target.internal || !found.some(({ address }) => isInternalAddress(address));
  return mayConnect ? found : [];
}

/** What is sent to somebody else’s address. */
export interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a body to a target, connected to the very addresses that were looked at: a name that answers
 * otherwise the second time leads nowhere. Follows no redirect, and reads no more of the answer than is asked for.
 *
 * @throws Error unless it was taken with a 2xx within 5 s
 */
export async function postGuarded(
  target: CallbackTarget,
  /** `answerMaxBytes`: how much of the answer is read; a longer one is none. Default: nothing. */
  sent: Sent & { readonly answerMaxBytes?: number },
  resolve: Resolve = systemResolve,
): Promise<string> {
  const answer = await sendGuarded(target, sent, resolve);
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode >= 300) {
    answer.destroy();
    throw new NotTaken(statusCode);
  }
  if (sent.answerMaxBytes === undefined) {
    answer.destroy();
    return '';
  }
  return readAnswer(answer, sent.answerMaxBytes);
}

/** The same; answers with whatever began to come back within 5 s, of which nothing has been read. */
export async function sendGuarded(
  target: CallbackTarget,
  sent: Sent,
  resolve: Resolve = systemResolve,
): Promise<IncomingMessage> {
  const addresses = await addressesOf(target, resolve);
  const [first] = addresses;
  if (!first) throw new Error('the callback has no address that may be connected to');
  const pinned: LookupFunction = (_host, options, done) => {
    if (options.all) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
  const { promise, resolve: taken, reject } = Promise.withResolvers<IncomingMessage>();
  const send = target.url.startsWith('https:') ? requestSecure : requestPlain;
  const outgoing = send(target.url, {
    method: 'POST',
    lookup: pinned,
    // Of its own: a connection that was kept may lead to where the name led before.
    agent: false,
    signal: AbortSignal.any([
      AbortSignal.timeout(ANSWER_MAX_MS),
      ...(sent.signal ? [sent.signal] : []),
    ]),
    headers: {
      ...sent.headers,
      'content-length': Buffer.byteLength(sent.body),
    },
  });
  outgoing.on('error', reject);
  outgoing.on('response', taken);
  outgoing.end(sent.body);
  return promise;
}

/** The text of an answer. @throws Error when it is longer, is no UTF-8, or does not end in time. */
export async function readAnswer(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    // What a response without an encoding is read as.
    const chunk = part as Buffer;
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error('the answer is too long');
    parts.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}
