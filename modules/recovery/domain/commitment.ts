import { canonicalJson, type JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Recovery } from './recovery.ts';

/**
 * The digest of a state, which the entry of its last step holds: a row that was edited fits it no more.
 * What moves without an entry (looks at the clock, wrong codes) is not part of it.
 */
export function commitmentOf(recovery: Recovery): string {
  const { seenAtMs: _seen, waitedMs: _waited, wrongCodes: _wrong, ...rest } = recovery;
  return digestOf({ ...rest, contacts: [...rest.contacts], vouchers: rest.vouchers.map(plain) });
}

/** The digest of any state that an entry holds. */
export function digestOf(state: JsonObject): string {
  return sha256Base64url(canonicalJson(state));
}

const plain = ({ as, by, desk, role }: Recovery['vouchers'][number]) => ({ as, by, desk, role });
