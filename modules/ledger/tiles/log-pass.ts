import { bytesToBase64url, base64urlToBytes, isId, type Id } from '@proofline/kernel';
import type { Context } from '../context.ts';

/** How long a pass is good, if the session that it was given in lives so long. */
export const PASS_SECONDS = 3_600;
const PASS_MAX_CHARS = 1_000;

/** Under which export whose session may read the entries of the log, and until when. */
export interface PassClaims {
  readonly exportId: Id<'exp'>;
  readonly readerId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly untilMs: number;
}

/**
 * A pass as it is carried in `Authorization: Bearer`: plain tile clients can prove no more. It opens
 * bundles of entries and nothing else, needs no table, and every process knows its own kind of it.
 */
export function writePass({ sealer, tenant }: Context, claims: PassClaims): string {
  const { exportId, readerId, sessionId, untilMs } = claims;
  const text = bytesToBase64url(
    Buffer.from(JSON.stringify([exportId, readerId, sessionId, untilMs])),
  );
  return `${text}.${sealer.mac(placeOf(tenant, text))}`;
}

/** Reads a pass; `undefined`: it is none of ours, or its time is over. */
export function openPass({ sealer, tenant, clock }: Context, pass: string): PassClaims | undefined {
  const [text, mac, ...more] = pass.length <= PASS_MAX_CHARS ? pass.split('.') : [];
  if (text === undefined || mac === undefined || more.length > 0) return undefined;
  if (!sealer.isMac(mac, placeOf(tenant, text))) return undefined;
  // The seal is ours, so this is a list that was written above.
  const parts: unknown = JSON.parse(Buffer.from(base64urlToBytes(text) ?? []).toString());
  const members = Array.isArray(parts) ? (parts as unknown[]) : []; // a list of whatever
  const [exportId, readerId, sessionId, untilMs] = members;
  if (!isId('exp', exportId) || !isId('stf', readerId) || !isId('ses', sessionId)) return undefined;
  if (typeof untilMs !== 'number' || untilMs <= clock.now()) return undefined;
  return { exportId, readerId, sessionId, untilMs };
}

function placeOf(tenant: string, text: string): readonly string[] {
  return [tenant, 'log pass', text];
}
