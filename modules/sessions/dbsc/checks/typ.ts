import type { Check } from '../exchange.ts';

/** DBSC §8.10: so that no other JWT of this key or of ours counts as a proof. */
export const checkTyp: Check = ({ header }) => header.typ === 'dbsc+jwt';
