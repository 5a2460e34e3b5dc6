import { systemClock } from '@proofline/kernel';
import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
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

/** The grant of a case, kept alive while the panel is open and dropped with it. */
export function useOpenAccount(subject: Omit<OpenAccount, 'grant'>): OpenAccount {
  const { caseId, accountNumber, proofId } = subject;
  const api = useApi();
  // Of the next proof there is another grant, and this one is dropped.
  const grant = api.grantOf({ caseId, proofId });
  const endsAtMs = useStore(grant.endsAtMs);
  useEffect(() => {
    if (endsAtMs === undefined) return undefined;
    const timer = window.setTimeout(
      // A refusal shows itself at the next request; here it only ends the renewing.
      () => void grant.current().catch(() => undefined),
      Math.max(1000, endsAtMs - systemClock.now() - AHEAD_MS),
    );
    return () => window.clearTimeout(timer);
  }, [grant, endsAtMs]);
  useEffect(() => () => grant.drop(), [grant]);
  return useMemo(
    () => ({ caseId, accountNumber, proofId, grant }),
    [caseId, accountNumber, proofId, grant],
  );
}

/** The customer's record, as far as the decision opens it. */
export function useCustomer(account: OpenAccount) {
  const { gateway } = useApi();
  return useQuery(guarded(CUSTOMER, account, () => gateway.readCustomer(account)));
}

/** The customer's invoices, as far as the decision opens them. */
export function useInvoices(account: OpenAccount, isWanted: boolean) {
  const { gateway } = useApi();
  const asking = guarded(INVOICES, account, () => gateway.readInvoices(account));
  return useQuery({ ...asking, enabled: isWanted });
}

/** A list that hangs on the record, as far as the decision opens it. */
export function useRecordList(account: OpenAccount, kind: RecordListKind) {
  const { gateway } = useApi();
  return useQuery(guarded(`${LIST}.${kind}`, account, () => gateway.readList(account, kind)));
}

function guarded<T>(name: string, account: OpenAccount, read: () => Promise<Guarded<T>>) {
  return queryOptions({
    queryKey: [name, account.caseId, account.proofId],
    queryFn: read,
    // No event tells of the guarded system's changes; its own do, and they ask again.
    staleTime: Infinity,
    // What was read under a grant leaves the memory with the panel, as the grant does.
    gcTime: 0,
    // The panel is keyed by account: what stays on the screen meanwhile is of the same customer.
    placeholderData: keepPreviousData,
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
