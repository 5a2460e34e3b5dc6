import { amountOf } from '../format/money.ts';

/** Cents as a bright number with a dim unit. */
export function Money({
  cents,
  currency,
}: {
  readonly cents: number;
  readonly currency?: string | undefined;
}) {
  const { number, unit } = amountOf(cents, currency);
  return (
    <span className="whitespace-nowrap">
      <span className="text-bright">{number}</span> <span className="text-dim">{unit}</span>
    </span>
  );
}
