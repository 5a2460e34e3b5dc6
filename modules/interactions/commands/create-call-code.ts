import { newId, type Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { nowOf, type Context } from '../context.ts';
import { drawDigits } from '../domain/draw-digits.ts';

const CALL_CODE_MS = 5 * 60 * 1000;
const CODES_PER_HOUR_MAX = 12;
const CODE_DIGITS = 6;
const DRAWS_MAX = 8;
const HOUR_MS = 60 * 60 * 1000;

/** A call code as its customer sees it. */
export interface CallCode {
  readonly code: string;
  readonly expiresAt: string;
}

/** A new call code; the customer's older one dies. Proves nothing, hence leaves no entry. */
export async function createCallCode(context: Context, customerId: Id<'cus'>): Promise<CallCode> {
  return context.storage.transaction(async (tx) => {
    const at = nowOf(context);
    const hourAgo = new Date(at.getTime() - HOUR_MS);
    if ((await context.rows.codes.countSince(tx, customerId, hourAgo)) >= CODES_PER_HOUR_MAX) {
      throw new ProblemError('request.too-many');
    }
    await context.rows.codes.expireOf(tx, customerId, at);
    const code = await drawFreeCode(context, tx);
    const expiresAt = new Date(at.getTime() + CALL_CODE_MS);
    const callCodeId = newId('cco', context);
    await context.rows.codes.insert(tx, { callCodeId, customerId, code, expiresAt, createdAt: at });
    return { code, expiresAt: expiresAt.toISOString() };
  });
}

/** No two customers wait with the same code: serializable isolation holds it against two servers. */
async function drawFreeCode(context: Context, tx: Db): Promise<string> {
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const code = drawDigits(context.random, CODE_DIGITS);
    if (!(await context.rows.codes.findLive(tx, code, nowOf(context)))) return code;
  }
  throw new ProblemError('server.busy', { internal: 'no free call code was drawn' });
}
