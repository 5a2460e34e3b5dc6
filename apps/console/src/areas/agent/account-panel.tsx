import type { Interaction } from '@proofline/protocol';
import { controlFor, isClosed } from '../../format/control-state.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/surface.tsx';
import { Countdown } from '../../ui/time-text.tsx';
import { useStore } from '../../ui/use-store.ts';
import { AccountCard } from './account-card.tsx';
import { useCustomer, useInvoices, useOpenAccount, type OpenAccount } from './account-data.ts';
import { ApprovalsOfCall } from './approvals-of-call.tsx';
import { AskAgain } from './ask-again.tsx';
import { BillingAddressForm } from './billing-address-form.tsx';
import { DeliveryPreferenceForm } from './delivery-preference-form.tsx';
import { InvoicesTable } from './invoices-table.tsx';
import { ListsSection } from './lists-section.tsx';
import { MatterSection } from './matter-section.tsx';
import { RefundForm } from './refund-form.tsx';

export interface AccountPanelProps {
  readonly call: Interaction;
  readonly proof: NonNullable<Interaction['proof']>;
  readonly caseId: string;
}

/** The proved customer's account: what the case needs of it, and what may be done. */
export function AccountPanel({ call, proof, caseId }: AccountPanelProps) {
  const account = useOpenAccount({
    caseId,
    accountNumber: proof.accountNumber,
    proofId: proof.proofId,
  });
  const customer = useCustomer(account);
  // What this matter or role never opens is not asked for: each attempt would be a refusal on record.
  const hasInvoices = !isClosed(controlFor(call.capabilities, 'invoice:read'));
  const invoices = useInvoices(account, hasInvoices);
  const retry = () => {
    void customer.refetch();
    if (hasInvoices) void invoices.refetch();
  };
  if (customer.isPending) {
    return (
      <Section title="Account">
        <Loading what="the account" />
      </Section>
    );
  }
  return (
    <>
      {customer.error && (
        <ProblemNotice
          error={customer.error}
          actions={<Button onClick={retry}>Try again</Button>}
        />
      )}
      {customer.data && (
        <AccountCard
          record={customer.data.value}
          fields={customer.data.fields}
          why={call.fields}
          caseType={call.caseType}
          aside={<GrantCountdown account={account} />}
        />
      )}
      {hasInvoices && (
        <Section title="Invoices" flush>
          {invoices.isPending && <Loading what="the invoices" />}
          {invoices.error && (
            <div className="p-3">
              <ProblemNotice error={invoices.error} />
            </div>
          )}
          {invoices.data && <InvoicesTable invoices={invoices.data.value} />}
        </Section>
      )}
      <Section title="Changes">
        <AskAgain call={call} proof={proof} />
        <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-5">
            <DeliveryPreferenceForm
              call={call}
              account={account}
              current={customer.data?.value.deliveryPreference}
            />
            <BillingAddressForm
              call={call}
              account={account}
              current={customer.data?.value.billingAddress}
            />
          </div>
          <RefundForm call={call} account={account} invoices={invoices.data?.value ?? []} />
        </div>
      </Section>
      <ListsSection call={call} account={account} />
      <MatterSection call={call} account={account} />
      <ApprovalsOfCall call={call} account={account} />
    </>
  );
}

function GrantCountdown({ account }: { readonly account: OpenAccount }) {
  const endsAtMs = useStore(account.grant.endsAtMs);
  if (endsAtMs === undefined) return <span className="text-xs text-dim">No grant</span>;
  return (
    <span className="text-xs text-dim">
      Grant ends in <Countdown untilMs={endsAtMs} /> and renews while the panel is open
    </span>
  );
}
