import { SamlRefused } from '../saml-refused.ts';
import { destination } from './destination.ts';
import { inTime } from './in-time.ts';
import { isAlwaysSigned, isSigned } from './is-signed.ts';
import { notReplayed } from './not-replayed.ts';
import type { RequestCheck, RequestFacts } from './request-check.ts';
import { version } from './version.ts';

/** What a message must be before anything of it is used: one column per kind of message. */
export const requestChecks = {
  signIn: [isSigned, version, destination, inTime, notReplayed],
  logout: [isAlwaysSigned, version, destination, inTime, notReplayed],
} as const satisfies Record<string, readonly RequestCheck[]>;

/** @throws SamlRefused with the name of the first check that fails */
export async function checkRequest(
  column: keyof typeof requestChecks,
  facts: RequestFacts,
): Promise<void> {
  for (const check of requestChecks[column]) {
    // In order: the replay memory comes last.
    if (!(await check.holds(facts))) throw new SamlRefused(check.name);
  }
}
