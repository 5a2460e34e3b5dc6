import type { CaseType, DataCategory, FieldInWords, FieldPlan } from '@proofline/protocol';
import { EyeOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CustomerRecord } from '../../api/customer-record.ts';
import { caseTypeWords, categoryWords } from '../../format/words.ts';
import { Money } from '../../ui/money.tsx';
import { PropertyList, Section, type Property } from '../../ui/surface.tsx';

export const deliveryWords = {
  email: 'By e-mail',
  post: 'By post',
  portal: 'In the customer portal',
} as const;

/** What the case needs of the account; what it does not need is named, not shown. */
export function AccountCard({
  record,
  fields,
  why,
  caseType,
  aside,
}: {
  readonly record: CustomerRecord;
  readonly fields: FieldPlan | undefined;
  /** Why, category by category, as the policies say it. */
  readonly why: Why;
  readonly caseType: CaseType | undefined;
  readonly aside: ReactNode;
}) {
  const matter = caseType ? `A case of the type ‘${caseTypeWords[caseType]}’` : 'This case';
  return (
    <Section title="Account" aside={aside}>
      <div className="grid gap-x-6 gap-y-4 lg:grid-cols-[1fr_minmax(14rem,auto)]">
        <PropertyList items={propertiesOf(record)} />
        {fields && fields.hidden.length > 0 && (
          <div className="rounded-md border border-dashed border-edge p-2.5 text-sm">
            <p className="label-mono mb-1.5 flex items-center gap-1.5 text-dim">
              <EyeOff aria-hidden size={13} /> Hidden
            </p>
            <ul className="flex flex-col gap-0.5">
              {fields.hidden.map((category) => (
                <li key={category} className="text-text">
                  <WithWhy category={category} why={why} />
                </li>
              ))}
            </ul>
            <p className="mt-1.5 max-w-64 text-xs text-dim">
              {matter} does not need {fields.hidden.length === 1 ? 'it' : 'them'}, so the gateway
              left {fields.hidden.length === 1 ? 'it' : 'them'} out. This screen never had{' '}
              {fields.hidden.length === 1 ? 'it' : 'them'}.
            </p>
          </div>
        )}
        {fields && fields.masked.length > 0 && <Masked categories={fields.masked} why={why} />}
      </div>
    </Section>
  );
}

type Why = readonly FieldInWords[] | undefined;

function Masked({
  categories,
  why,
}: {
  readonly categories: readonly DataCategory[];
  readonly why: Why;
}) {
  return (
    <div className="text-xs text-dim">
      <p>Shown in part only:</p>
      <ul className="flex flex-col gap-0.5">
        {categories.map((category) => (
          <li key={category}>
            <WithWhy category={category} why={why} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A category by its name; why it is not shown whole is folded away behind it. */
function WithWhy({ category, why }: { readonly category: DataCategory; readonly why: Why }) {
  const found = why?.find((field) => field.category === category);
  if (!found) return categoryWords[category];
  return (
    <details>
      <summary className="w-fit hover:text-bright">{categoryWords[category]}</summary>
      <p className="mb-1 max-w-64 text-xs text-dim">{found.says}</p>
    </details>
  );
}

/** What there is of a record, by its label; what the gateway left out is not there. */
export function propertiesOf(record: CustomerRecord): Property[] {
  const address = record.billingAddress;
  const rows: readonly Property[] = [
    { label: 'Name', value: record.name },
    { label: 'Number', value: <span className="font-mono">{record.accountNumber}</span> },
    { label: 'Plan', value: record.plan && <PlanWords record={record} /> },
    { label: 'E-mail', value: record.email },
    { label: 'Phone', value: record.phone },
    {
      label: 'Invoices',
      value: record.deliveryPreference && deliveryWords[record.deliveryPreference],
    },
    { label: 'Billing address', value: address && addressText(address) },
    { label: 'Card', value: record.cardLast4 && <LastFour digits={record.cardLast4} /> },
    { label: 'Bank account', value: record.iban },
    { label: 'SIM', value: record.simNumber },
    {
      label: 'Data used',
      value: record.dataUsedGb === undefined ? undefined : `${record.dataUsedGb} GB this month`,
    },
    { label: 'Advertising', value: record.marketingConsent },
    { label: 'Priority service', value: record.priorityService },
    {
      label: 'Credit limit',
      value: record.creditLimitCents !== undefined && <Money cents={record.creditLimitCents} />,
    },
    { label: 'Suspicion of fraud', value: record.fraudFlag },
    { label: 'Notes', value: record.notes },
  ];
  return rows.filter(({ value }) => Boolean(value));
}

function addressText(address: NonNullable<CustomerRecord['billingAddress']>): string {
  const { street, postalCode = '', city = '', country } = address;
  return [street, `${postalCode} ${city}`.trim(), country].filter(Boolean).join(', ');
}

function PlanWords({ record }: { readonly record: CustomerRecord }) {
  return (
    <>
      {record.plan}
      {record.monthlyFeeCents !== undefined && (
        <span className="text-dim">
          {' '}
          · <Money cents={record.monthlyFeeCents} /> a month
        </span>
      )}
    </>
  );
}

function LastFour({ digits }: { readonly digits: string }) {
  return (
    <span className="font-mono">
      <span className="text-dim">ends in </span>
      {digits}
    </span>
  );
}
