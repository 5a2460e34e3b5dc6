import { canonicalJson, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { customerData, type CustomerDatum } from '@proofline/protocol';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';
import { hostOf } from './pairwise-name.ts';

/** What a customer agrees to: which application, where they are sent back to, and what it learns. */
// A type alias, not an interface: only that is assignable to a JSON object.
export type ConsentTerms = {
  readonly version: 1;
  readonly applicationId: Id<'app'>;
  readonly name: string;
  readonly host: string;
  readonly learns: CustomerDatum[];
};

/** The terms of an application as it is registered now. */
export function termsOf(
  application: Pick<ApplicationRow, 'applicationId' | 'name' | 'settings'>,
  learns: readonly CustomerDatum[],
): ConsentTerms {
  const { applicationId, name } = application;
  const inOrder = customerData.filter((datum) => learns.includes(datum));
  return { version: 1, applicationId, name, host: hostOf(application), learns: inOrder };
}

/** By this two terms are compared. */
export const digestOf = (terms: ConsentTerms): string => sha256Base64url(canonicalJson(terms));
