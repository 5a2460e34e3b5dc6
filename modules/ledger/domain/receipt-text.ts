import { writeTlogProof } from '@proofline/evidence';
import type { Receipt } from '../types.ts';

/** A receipt as others read it: C2SP tlog-proof. Whoever has the leaf checks it with the log’s key alone. */
export function receiptText({ index, proof, checkpoint }: Receipt): string {
  return writeTlogProof({ index, proof, checkpoint });
}
