import type { Check } from '../exchange.ts';
import { algorithms } from '../names.ts';

/** DBSC §8.10: neither `none` nor anything symmetric; a refresh by the algorithm of its registration. */
export const checkAlg: Check = (exchange) => {
  const alg = algorithms.find((one) => one === exchange.header.alg);
  if (alg === undefined || (exchange.bound && exchange.bound.alg !== alg)) return false;
  exchange.alg = alg;
  return true;
};
