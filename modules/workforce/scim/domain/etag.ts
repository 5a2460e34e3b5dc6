import { ProblemError } from '@proofline/protocol';

/** A resource’s version as an entity tag (RFC 7644 §3.14): weak, since its bytes may differ. */
export const etagOf = (version: number): string => `W/"${version}"`;

/** @throws ProblemError `scim.version` when `If-Match` names other versions only (RFC 9110 §13.1.1) */
export function refuseOtherVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  // Weak tags cannot stand in If-Match by HTTP; SCIM’s own examples put them there.
  const named = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!named.includes(`"${version}"`)) throw new ProblemError('scim.version');
}
