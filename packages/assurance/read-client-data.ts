import { base64urlToBytes } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';

/** The client's own words (WebAuthn L3 §5.8.1), and their hash. */
export interface CeremonyClientData {
  readonly type: string;
  /** base64url. */
  readonly challenge: string;
  readonly origin: string;
  /** `undefined` when the client left it out. */
  readonly crossOrigin: boolean | undefined;
  readonly hasTopOrigin: boolean;
  /** SHA-256 of the bytes as they came. */
  readonly hash: Uint8Array;
}

/** Reads `clientDataJSON`; `undefined` when it is not what a client writes. */
export function readClientData(base64url: string): CeremonyClientData | undefined {
  const bytes = base64urlToBytes(base64url);
  if (bytes === undefined) return undefined;
  const data = parse(bytes);
  if (data === undefined) return undefined;
  const { type, challenge, origin, crossOrigin } = data;
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    return undefined;
  }
  if (crossOrigin !== undefined && typeof crossOrigin !== 'boolean') return undefined;
  const hasTopOrigin = data['topOrigin'] !== undefined;
  return { type, challenge, origin, crossOrigin, hasTopOrigin, hash: sha256(bytes) };
}

function parse(bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return { ...value };
  } catch {
    return undefined;
  }
}
