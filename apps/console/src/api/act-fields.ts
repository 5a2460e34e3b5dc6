import { parseCents } from '../format/money.ts';
import { reasonCodeWords } from '../format/words.ts';

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

/** What is typed into the form of an act, as the guarded system takes it. */
export type ActBody = Readonly<Record<string, string | number>>;

/** A choice among things that are called by their own names. */
export const named = (name: string, label: string, things: readonly string[]): ActField => ({
  name,
  label,
  choices: Object.fromEntries(things.map((thing) => [thing, thing])),
});

/** A choice among values that are shown in words. */
export const chosen = (
  name: string,
  label: string,
  choices: Readonly<Record<string, string>>,
): ActField => ({ name, label, choices });

/** A text of a form. */
export const typed = (
  name: string,
  label: string,
  [pattern, hint]: [RegExp, string],
): ActField => ({
  name,
  label,
  pattern,
  hint,
});

export const amount: ActField = {
  name: 'amountCents',
  label: 'Amount in EUR',
  kind: 'cents',
  hint: 'An amount such as 12.50.',
};
export const reason = chosen('reason', 'Reason', reasonCodeWords);
export const words = (name: string, label: string) =>
  typed(name, label, [/^.{1,500}$/s, 'At most 500 characters.']);
export const day = (name: string, label: string) =>
  typed(name, label, [/^20\d\d-[01]\d-[0-3]\d$/, 'A day such as 2026-12-24.']);
export const slot = chosen('slot', 'Time of day', { morning: 'Morning', afternoon: 'Afternoon' });
export const invoice = typed('invoiceId', 'Invoice', [/^INV-\d{5}-\d{6}$/, 'As it stands above.']);

/** The body that was typed, or the name of the first field that is not right yet. */
export function actBodyOf(
  fields: readonly ActField[],
  entered: Readonly<Record<string, string>>,
): { readonly body: ActBody } | { readonly wrong: string } {
  const body: Record<string, string | number> = {};
  for (const { name, kind, pattern } of fields) {
    const text = entered[name]?.trim() ?? '';
    const value = kind === 'cents' ? parseCents(text) : kind === 'count' ? Number(text) : text;
    if (value === undefined || text === '' || (pattern && !pattern.test(text))) {
      return { wrong: name };
    }
    body[name] = value;
  }
  return { body };
}
