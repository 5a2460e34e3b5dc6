import { ProblemError } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { SessionsContext } from '../../context.ts';
import { publicHalf } from '../create-key-ring.ts';
import { keysAt, PUBLISHED_FIRST_MS, RETIRING_MS, type KeyRow } from '../domain/key-ring.ts';
import { recordKey } from './record-key.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Who asks for another key, and why. */
export interface Asked {
  readonly by: Id<'stf'>;
  readonly decisionEvidenceId: Id<'evt'>;
  readonly reason: string;
  /** `compromised`: the key may be in other hands. It, and what it signed, is worth nothing from now on. */
  readonly because: 'asked' | 'compromised';
}

/**
 * Another signing key, which is published before it signs; the one before is good until its last token
 * has expired. After a compromise the new one signs at once, and nothing before it is taken.
 *
 * @throws ProblemError `signing-key.pending`: another one is on its way already
 */
export async function rotateKeys(context: SessionsContext, asked: Asked): Promise<void> {
  const { because } = asked;
  const compromised = because === 'compromised';
  const evidenceId = await addKey(context, {
    because,
    leadMs: compromised ? 0 : PUBLISHED_FIRST_MS,
    overlapMs: compromised ? 0 : RETIRING_MS,
    asked,
    isDue: (rows, nowMs) =>
      compromised || !keysAt(rows, nowMs).keys.some(({ state }) => state === 'next'),
  });
  if (!evidenceId) throw new ProblemError('signing-key.pending');
  await context.ledger.durable(evidenceId);
}

/** On schedule: published a day before it signs. Of several processes one does it. */
export async function rotateWhenDue(context: SessionsContext): Promise<void> {
  const everyMs = context.signingKeyDays * DAY_MS;
  const isDue = (rows: readonly KeyRow[], nowMs: number): boolean => {
    const { current, keys } = keysAt(rows, nowMs);
    const isNext = keys.some(({ state }) => state === 'next');
    return !isNext && nowMs - current.signsFromMs >= everyMs - DAY_MS;
  };
  const { current, keys } = context.keys.at();
  if (!isDue(keys, context.clock.now()) || current.sequence < 0) return;
  await addKey(context, { because: 'schedule', leadMs: DAY_MS, overlapMs: RETIRING_MS, isDue });
}

/** The first key of a ring that no settings name one for. Of several processes one makes it. */
export async function beginKeys(context: SessionsContext): Promise<void> {
  await addKey(context, {
    because: 'schedule',
    leadMs: 0,
    overlapMs: RETIRING_MS,
    isDue: (rows) => rows.length === 0,
  });
}

interface Addition {
  readonly because: 'schedule' | 'asked' | 'compromised';
  readonly leadMs: number;
  readonly overlapMs: number;
  readonly asked?: Asked;
  readonly isDue: (rows: readonly KeyRow[], nowMs: number) => boolean;
}

async function addKey(
  context: SessionsContext,
  { asked, because, isDue, leadMs, overlapMs }: Addition,
): Promise<Id<'evt'> | undefined> {
  const { clock, keys, storage } = context;
  const made = await newKey();
  const evidenceId = await storage.transaction(async (tx) => {
    const nowMs = clock.now();
    const { nextSequence, rows } = await keys.rows.all(tx);
    if (!isDue(rows, nowMs)) return undefined;
    const signsFromMs = nowMs + leadMs;
    const row: KeyRow = {
      ...made,
      sequence: nextSequence,
      publishedAtMs: nowMs,
      signsFromMs,
      olderUntilMs: signsFromMs + overlapMs,
      because,
    };
    if (!(await keys.rows.insert(tx, row))) return undefined;
    return recordKey(context, tx, { row, before: rows, ...(asked && { asked }) });
  });
  await keys.read();
  return evidenceId;
}

async function newKey(): Promise<{ kid: string; publicJwk: JWK; privateJwk: JWK }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const privateJwk = { ...jwk, kid, alg: 'ES256', use: 'sig' };
  return { kid, publicJwk: publicHalf(privateJwk), privateJwk };
}
