import { limits } from '@proofline/kernel';
import { ProblemError, scimSchemas } from '@proofline/protocol';

/** Which part of a list is wanted. */
export interface Page {
  /** From 1 (RFC 7644 §3.4.2.4). */
  readonly startIndex: number;
  readonly count: number;
}

/** Reads `startIndex` and `count`; never more than 200 at once. @throws ProblemError `scim.value` */
export function readPage(query: {
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
}): Page {
  return {
    // Less than 1 means 1, and less than 0 means none.
    startIndex: Math.max(1, wholeNumber(query.startIndex ?? '1', 'startIndex')),
    count: Math.min(
      limits.pageMaxItems,
      Math.max(0, wholeNumber(query.count ?? String(limits.pageMaxItems), 'count')),
    ),
  };
}

function wholeNumber(text: string, name: string): number {
  if (/^-?\d{1,9}$/.test(text.trim())) return Number(text);
  throw new ProblemError('scim.value', { detail: `${name} is a whole number.` });
}

/** A list response (RFC 7644 §3.4.2). */
export function listResponse<T>(resources: readonly T[], startIndex: number, total: number) {
  return {
    schemas: [scimSchemas.list],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: [...resources],
  };
}
