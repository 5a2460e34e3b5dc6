import { systemClock } from '@proofline/kernel';
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Guarded } from '../../api/customer-record.ts';
import { contentOf, type RecordChange, type RecordScope } from '../../api/gateway.ts';
import type { CaseGrant } from '../../api/grants.ts';
import { recordListKinds, type RecordListKind } from '../../api/record-lists.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useApi } from '../../shell/api-context.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useStore } from '../../ui/use-store.ts';

/** An open account: whose it is and under which grant. */
export interface OpenAccount extends RecordScope {
  readonly caseId: string;
  readonly proofId: string;
  readonly grant: CaseGrant;
}

const CUSTOMER = 'gateway.customer';
const INVOICES = 'gateway.invoices';
const LIST = 'gateway.list';
/** How long before its end a grant is renewed while its panel stands open. */
const AHEAD_MS = 19_000;
/** A renewal that got no answer is tried again after this. */
const AGAIN_MS = 2_000;

/**
 * The grant of a case, kept alive while the record may be read and dropped with it. When it ends and
 * could not be renewed, what was read under it goes: nothing permits it any more (P6).
 */
export function useOpenAccount(
  subject: Omit<OpenAccount, 'grant'>,
  isReadable: boolean,
): OpenAccount {
  const { caseId, accountNumber, proofId } = subject;
  const api = useApi();
  const queries = useQueryClient();
  // Of the next proof there is another grant, and this one is dropped.
  const grant = api.grantOf({ caseId, proofId });
  const endsAtMs = useStore(grant.endsAtMs);
  useEffect(() => {
    if (endsAtMs === undefined || !isReadable) return undefined;
    return renewBefore(endsAtMs, grant, () => forgetRecord(queries, caseId));
  }, [grant, endsAtMs, isReadable, queries, caseId]);
  useEffect(() => (isReadable ? undefined : grant.drop()), [grant, isReadable]);
  useEffect(() => () => grant.drop(), [grant]);
  return useMemo(
    () => ({ caseId, accountNumber, proofId, grant }),
    [caseId, accountNumber, proofId, grant],
  );
}

/** Renews in time; `onOver` when that was refused, or had no answer until the end. */
function renewBefore(endsAtMs: number, grant: CaseGrant, onOver: () => void): () => void {
  const leftMs = endsAtMs - systemClock.now();
  let timer: number | undefined;
  const renew = () => {
    timer = window.setTimeout(renew, AGAIN_MS);
    grant.current().catch((error: unknown) => {
      if (isRefusal(error)) onOver();
    });
  };
  timer = window.setTimeout(renew, Math.max(1000, leftMs - AHEAD_MS));
  const end = window.setTimeout(onOver, leftMs);
  return () => {
    window.clearTimeout(timer);
    window.clearTimeout(end);
  };
}

/** Forgets the record at once, and asks for it anew where it is still wanted. */
function forgetRecord(queries: QueryClient, caseId: string): void {
  void queries.resetQueries({
    predicate: ({ queryKey: [name, ofCase] }) =>
      ofCase === caseId && typeof name === 'string' && name.startsWith('gateway.'),
  });
}

/** The customer's record, as far as the decision opens it. */
export function useCustomer(account: OpenAccount, isWanted: boolean) {
  const { gateway } = useApi();
  return useGuarded(account, {
    name: CUSTOMER,
    isWanted,
    read: () => gateway.readCustomer(account),
  });
}

/** The customer's invoices, as far as the decision opens them. */
export function useInvoices(account: OpenAccount, isWanted: boolean) {
  const { gateway } = useApi();
  return useGuarded(account, {
    name: INVOICES,
    isWanted,
    read: () => gateway.readInvoices(account),
  });
}

/** A list that hangs on the record, as far as the decision opens it. */
export function useRecordList(account: OpenAccount, kind: RecordListKind) {
  const { gateway } = useApi();
  return useGuarded(account, {
    name: `${LIST}.${kind}`,
    isWanted: true,
    read: () => gateway.readList(account, kind),
  });
}

/** A part of the record; as soon as it is not wanted, what was read of it is forgotten. */
function useGuarded<T>(
  account: OpenAccount,
  {
    name,
    isWanted,
    read,
  }: {
    readonly name: string;
    readonly isWanted: boolean;
    readonly read: () => Promise<Guarded<T>>;
  },
) {
  const queries = useQueryClient();
  const { caseId, proofId } = account;
  useEffect(() => {
    if (!isWanted) void queries.resetQueries({ queryKey: [name, caseId] });
  }, [isWanted, queries, name, caseId]);
  return useQuery({
    // Of the next proof it is another reading, and of the last one nothing stays.
    queryKey: [name, caseId, proofId],
    queryFn: read,
    enabled: isWanted,
    // No event tells of the guarded system's changes; its own do, and they ask again.
    staleTime: Infinity,
    // What was read under a grant leaves the memory with the panel, as the grant does.
    gcTime: 0,
  });
}

/** Asks anew for the part of the record that a change is about. */
function readAgain(
  queries: QueryClient,
  { caseId }: OpenAccount,
  kind: RecordChange['kind'],
): void {
  const read = kind === 'refund' ? INVOICES : CUSTOMER;
  void queries.invalidateQueries({ queryKey: [read, caseId] });
  for (const list of recordListKinds) {
    void queries.invalidateQueries({ queryKey: [`${LIST}.${list}`, caseId] });
  }
}

/** One change of the record; done once, however often it is pressed. */
export function useRecordChange(account: OpenAccount) {
  const { gateway, attempts } = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: RecordChange) =>
      attempts.run(contentOf(account, change), async (key) => {
        await gateway.change(account, change, key);
        readAgain(queries, account, change.kind);
        refreshSoon(queries, ['approvals.list']);
      }),
    onError: (error, { kind }) => {
      // The call may have ended meanwhile, the proof grown old, the approval been used up: ask.
      if (isRefusal(error)) refreshSoon(queries, ['interactions.read', 'approvals.list']);
      // The guarded system may have carried it out, or knows more than this screen does.
      if (isRefusal(error, 'upstream.failed', 'upstream.refused'))
        readAgain(queries, account, kind);
    },
  });
}
