import type { Interaction } from '@proofline/protocol';
import { controlFor } from '../../format/control-state.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
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
  const isReadable = controlFor(call.capabilities, 'account:read').kind !== 'refused';
  const account = useOpenAccount(
    { caseId, accountNumber: proof.accountNumber, proofId: proof.proofId },
    isReadable,
  );
  const customer = useCustomer(account, isReadable);
  // What is refused anyway is not asked for: each attempt would be a refusal on record.
  const hasInvoices = controlFor(call.capabilities, 'invoice:read').kind !== 'refused';
  const invoices = useInvoices(account, hasInvoices);
  return (
    <>
      <AccountSection
        call={call}
        account={account}
        customer={customer}
        onRetry={() => {
          void customer.refetch();
          if (hasInvoices) void invoices.refetch();
        }}
      />
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

/** The record as far as it may be read now; where it may not, why. */
function AccountSection({
  call,
  account,
  customer,
  onRetry,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly customer: ReturnType<typeof useCustomer>;
  readonly onRetry: () => void;
}) {
  const reading = controlFor(call.capabilities, 'account:read');
  if (reading.kind === 'refused') {
    return (
      <Section title="Account">
        <Notice kind="warn" title="The account is closed.">
          {[reading.refusal.reason, reading.refusal.nextStep].filter(Boolean).join(' ')}
        </Notice>
      </Section>
    );
  }
  return (
    <>
      {customer.isPending && (
        <Section title="Account">
          <Loading what="the account" />
        </Section>
      )}
      {customer.error && (
        <ProblemNotice
          error={customer.error}
          actions={<Button onClick={onRetry}>Try again</Button>}
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
