import type { CustomerDatum } from '@proofline/protocol';

const words: Readonly<Record<CustomerDatum, string>> = {
  name: 'your name',
  'account-number': 'your account number',
};

/** What an application learns, as people read it, one thing a line. */
export function learnsText(learns: readonly CustomerDatum[]): string[] {
  return [
    'that you are a customer, under a name made up for it alone',
    ...learns.map((one) => words[one]),
  ];
}
