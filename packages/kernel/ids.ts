import { CROCKFORD } from './crockford.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Every kind of id: prefix → what it names. */
export const idPrefixes = {
  app: 'application (a relying party)',
  apr: 'approval',
  arq: 'access request of an enforcement point',
  ath: 'authenticator (a registered credential)',
  bgl: 'break-glass: emergency access to one record',
  cas: 'WebAuthn ceremony',
  cco: 'call code',
  cse: 'case',
  cus: 'customer',
  dec: 'decision',
  enr: 'customer enrolment',
  ers: 'erasure of evidence',
  evt: 'evidence entry',
  exp: 'evidence export',
  grp: 'group of a directory',
  grt: 'grant',
  inq: 'inquiry: what somebody reads evidence for',
  hld: 'legal hold on evidence',
  int: 'interaction',
  inv: 'onboarding invitation',
  msg: 'message to a contact on file',
  pcd: 'policy candidate',
  prf: 'proof',
  prq: 'proof request',
  psn: 'pseudonym',
  ptk: 'token of a provisioning connection',
  rcv: 'recovery of a subject who lost every passkey',
  req: 'request',
  rpl: 'replay of recorded decisions',
  ses: 'session',
  sir: 'sign-in request of an application (CIBA)',
  stf: 'workforce subject',
  svc: 'service subject',
  stg: 'policy stage',
  swt: 'switch',
} as const;

/** The three letters in front of an id. */
export type IdPrefix = keyof typeof idPrefixes;

declare const brand: unique symbol;

/** An id of one kind: `cse_01jb3…`. A TypeID: prefix, underscore, base32 of a UUIDv7. */
export type Id<P extends IdPrefix> = `${P}_${string}` & { readonly [brand]: P };

/** An id of whatever kind. */
export type AnyId = Id<IdPrefix>;

// As the TypeID specification (v0.3) prescribes.
const ALPHABET = CROCKFORD;
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** A new id whose order follows time (UUIDv7, RFC 9562 §5.7). */
export function newId<P extends IdPrefix>(
  prefix: P,
  ports: { readonly clock: Clock; readonly random: Random },
): Id<P> {
  const uuid = ports.random.bytes(16);
  let ms = ports.clock.now();
  for (let index = 5; index >= 0; index -= 1) {
    uuid[index] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  uuid[6] = (uuid[6]! & 0x0f) | 0x70;
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
  // The one place where an id is minted, hence the one cast to the brand.
  return `${prefix}_${toBase32(uuid)}` as Id<P>;
}

/** Whether a text is a well-formed id of this kind. Says nothing about existence. */
export function isId<P extends IdPrefix>(prefix: P, text: unknown): text is Id<P> {
  if (typeof text !== 'string' || !text.startsWith(`${prefix}_`)) return false;
  return SUFFIX.test(text.slice(prefix.length + 1));
}

function toBase32(uuid: Uint8Array): string {
  // 26 letters hold 130 bits: the first one has the two highest bits of none.
  let text = '';
  let held = 0;
  let heldBits = 2;
  for (const byte of uuid) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      text += ALPHABET[(held >> heldBits) & 31]!;
    }
    held &= 31;
  }
  return text;
}
