/** An amount with its unit apart, so that a screen can set the number bright and the unit dim. */
export interface Amount {
  readonly number: string;
  readonly unit: string;
}

/** Cents → `{ number: '1,234.50', unit: 'EUR' }`. */
export function amountOf(cents: number, currency = 'EUR'): Amount {
  const number = new Intl.NumberFormat('en-GB', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(cents / 100);
  return { number, unit: currency };
}

/** What a person types → cents: `12`, `12.5`, `12,50`; `undefined` for anything else or nothing. */
export function parseCents(text: string): number | undefined {
  const match = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const cents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return cents > 0 ? cents : undefined;
}
