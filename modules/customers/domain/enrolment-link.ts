/** What decides whether an enrolment link may be used now, from this device. */
export interface LinkFacts {
  readonly nowMs: number;
  readonly expiresAtMs: number;
  readonly wasUsed: boolean;
  readonly wasVoided: boolean;
  /** Whether the customer has ever had a passkey. */
  readonly wasEnrolled: boolean;
  /** Digest of the device that opened the link first, if one did. */
  readonly boundDevice: string | undefined;
  /** Digest of the cookie that this device came with, if any. */
  readonly thisDevice: string | undefined;
}

/** Why a link is dead: for the evidence. The person is told one sentence for all of them. */
export type LinkRefusal = 'expired' | 'used' | 'voided' | 'not-new' | 'other-device';

const checks: readonly (readonly [LinkRefusal, (link: LinkFacts) => boolean])[] = [
  ['used', (link) => link.wasUsed],
  ['voided', (link) => link.wasVoided],
  ['expired', (link) => link.expiresAtMs <= link.nowMs],
  ['not-new', (link) => link.wasEnrolled],
  // Bound to the first device that opens it: a link that leaks afterwards is worth nothing.
  [
    'other-device',
    (link) => link.boundDevice !== undefined && link.boundDevice !== link.thisDevice,
  ],
];

/** The first reason why the link is dead; `undefined` while it lives. */
export function linkRefusal(link: LinkFacts): LinkRefusal | undefined {
  return checks.find(([, isDead]) => isDead(link))?.[0];
}
