import type { Check, ProofExchange } from '../exchange.ts';
import { openChallenge, type Purpose } from '../challenge.ts';

function opened(exchange: ProofExchange, purpose: Purpose): boolean {
  const challenge = openChallenge(exchange.keys, exchange.payload.jti);
  if (challenge?.purpose !== purpose || challenge.expiresAtMs <= exchange.nowMs) return false;
  exchange.challenge = challenge;
  return true;
}

/** `jti` is a challenge that we gave out for a registration, in its time; it says for which session. */
export const checkRegistrationChallenge: Check = (exchange) => opened(exchange, 'register');

/** `jti` is a challenge that we gave out for a refresh of this very session, in its time. */
export const checkRefreshChallenge: Check = (exchange) =>
  opened(exchange, 'refresh') && exchange.challenge?.sessionId === exchange.bound?.sessionId;
