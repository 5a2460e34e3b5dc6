import type { Check } from '../exchange.ts';

/** DBSC §8.10: a refresh that says whose it is means this session. */
export const checkSession: Check = ({ payload, bound }) =>
  payload.sub === undefined || payload.sub === bound?.sessionId;
