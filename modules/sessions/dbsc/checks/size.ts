import type { Check } from '../exchange.ts';

/** An RSA key of 4,096 bits with its signature fits; nothing that is read has more. */
const proofMaxChars = 4096;

export const checkSize: Check = ({ given }) => given.length > 0 && given.length <= proofMaxChars;
