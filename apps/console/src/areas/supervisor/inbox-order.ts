import type { Approval } from '@proofline/protocol';

/** What is open first, the most pressing on top; then what is decided, the newest on top. */
export function sortedForInbox(approvals: readonly Approval[]): readonly Approval[] {
  const open = approvals.filter(({ state }) => state === 'open');
  const rest = approvals.filter(({ state }) => state !== 'open');
  return [
    ...open.toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt)),
    ...rest.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt)),
  ];
}
