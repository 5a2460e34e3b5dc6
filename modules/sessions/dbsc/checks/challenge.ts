import type { Check, ProofExchange } from '../exchange.ts';
import { openChallenge, type Challenge, type Purpose } from '../challenge.ts';

/** The challenge of ours, in its time, that a proof says it answers; who signed it is another question. */
export function openedFor(purpose: Purpose, exchange: ProofExchange): Challenge | undefined {
  const challenge = openChallenge(exchange.keys, exchange.payload.jti);
  return challenge?.purpose === purpose && challenge.expiresAtMs > exchange.nowMs
    ? challenge
    : undefined;
}

function opened(exchange: ProofExchange, purpose: Purpose): boolean {
  exchange.challenge = openedFor(purpose, exchange);
  return exchange.challenge !== undefined;
}

/** `jti` is a challenge that we gave out for a registration, in its time; it says for which session. */
export const checkRegistrationChallenge: Check = (exchange) => opened(exchange, 'register');

/** `jti` is a challenge that we gave out for a refresh of this very session, in its time. */
export const checkRefreshChallenge: Check = (exchange) =>
  opened(exchange, 'refresh') && exchange.challenge?.sessionId === exchange.bound?.sessionId;
