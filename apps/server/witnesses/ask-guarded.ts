import type { WitnessDeps } from '@proofline/ledger';
import { readAnswer, sendGuarded, systemResolve, type Resolve } from '../callbacks/post-guarded.ts';

/** As many signature lines as a note may have, and more. */
const ANSWER_MAX_BYTES = 16 * 1024;

/**
 * Asks witnesses at the addresses of the operator’s policy. One that leads inside is asked only where
 * the operator has named its origin.
 */
export function askGuarded(
  internalOrigins: readonly string[],
  resolve: Resolve = systemResolve,
): WitnessDeps['ask'] {
  return async (url, body, signal) => {
    const target = { url, internal: internalOrigins.includes(new URL(url).origin) };
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const answer = await sendGuarded(target, { body, headers, signal }, resolve);
    const { statusCode: status = 0 } = answer;
    const type = answer.headers['content-type'] ?? '';
    return { status, type, body: await readAnswer(answer, ANSWER_MAX_BYTES) };
  };
}
