import type { Check } from '../exchange.ts';

/** DBSC §8.10: who says where the proof was meant to go has sent it there. */
export const checkAudience: Check = ({ payload, url }) =>
  payload.aud === undefined || payload.aud === url;
