import type { Random } from '@proofline/kernel';
import type { JWK } from 'jose';
import { createJsonSealer, type JsonSealer } from '../../domain/json-sealer.ts';

/** Seals private keys for their row (tenant, table, kid). */
export type KeySealer = JsonSealer<JWK>;

/** What seals evidence opens no signing key. */
export function createKeySealer(kek: Uint8Array, random: Random): KeySealer {
  return createJsonSealer(kek, random, 'proofline sessions: signing keys v1');
}
