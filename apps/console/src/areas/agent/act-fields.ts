import type { RecordActBody, RecordActKind } from '../../api/record-acts.ts';
import { parseCents } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';

/** One field of an act’s form. */
export interface ActField {
  readonly name: string;
  readonly label: string;
  /** Choices by their value; without them something is typed. */
  readonly choices?: Readonly<Record<string, string>>;
  readonly kind?: 'cents' | 'count';
  /** What the typed text must be, and how it is said when it is not. */
  readonly pattern?: RegExp;
  readonly hint?: string;
}

const amount: ActField = {
  name: 'amountCents',
  label: 'Amount in EUR',
  kind: 'cents',
  hint: 'An amount such as 12.50.',
};
const reason: ActField = { name: 'reason', label: 'Reason', choices: reasonCodeWords };
const plans = [
  'Fibre 250',
  'Fibre 500',
  'Fibre 1000',
  'Home power day & night',
  'Home power and fibre',
];

/** What each act asks for. */
export const actFields: Readonly<Record<RecordActKind, readonly ActField[]>> = {
  note: [{ name: 'text', label: 'Note', pattern: /^.{1,500}$/s, hint: 'At most 500 characters.' }],
  plan: [
    {
      name: 'plan',
      label: 'New plan',
      choices: Object.fromEntries(plans.map((plan) => [plan, plan])),
    },
  ],
  sim: [
    {
      name: 'simNumber',
      label: 'Number on the new SIM',
      pattern: /^8944[0-9]{15}$/,
      hint: 'Nineteen digits, beginning with 8944.',
    },
  ],
  'bank-details': [
    {
      name: 'iban',
      label: 'IBAN',
      pattern: /^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/,
      hint: 'Without spaces.',
    },
  ],
  credit: [amount, reason],
  'payment-plan': [
    amount,
    {
      name: 'months',
      label: 'Months',
      kind: 'count',
      hint: 'From 2 to 24.',
      pattern: /^([2-9]|1\d|2[0-4])$/,
    },
  ],
  'router-restart': [],
  'fraud-flag': [
    {
      name: 'suspicion',
      label: 'Suspicion',
      choices: {
        'account-takeover': 'Account takeover',
        'stolen-card': 'Stolen card',
        'false-claim': 'False claim',
      },
    },
  ],
  'fraud-flag-lift': [reason],
};

/** The body that was typed, or the name of the first field that is not right yet. */
export function actBodyOf(
  fields: readonly ActField[],
  typed: Readonly<Record<string, string>>,
): { readonly body: RecordActBody } | { readonly wrong: string } {
  const body: Record<string, string | number> = {};
  for (const { name, kind, pattern } of fields) {
    const text = typed[name]?.trim() ?? '';
    const value = kind === 'cents' ? parseCents(text) : kind === 'count' ? Number(text) : text;
    if (value === undefined || text === '' || (pattern && !pattern.test(text))) {
      return { wrong: name };
    }
    body[name] = value;
  }
  return { body };
}
