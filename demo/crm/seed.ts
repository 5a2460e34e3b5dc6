import { seededRandom } from '@proofline/kernel/node';
import { company, demoCustomers, drawFrom, type DemoCustomer, type Draw } from '../company.ts';
import { consents, priorities } from './act-bodies.ts';
import {
  deliveryPreferences,
  fraudReasons,
  plans,
  type CustomerRecord,
  type InvoiceRecord,
} from './records.ts';

const streets =
  'Alder Lane,Beacon Street,Canal Row,Dyke Road,Elm Court,Foundry Yard,Granary Walk,Heron Quay,Kiln Street,Mill Rise,Orchard Close,Quarry Hill'.split(
    ',',
  );
const towns = 'Aldermere,Brackenford,Eastholm,Fennick,Kelderby,Marrowfield,Northwold Quay'.split(
  ',',
);
const healthNotes = [
  'Uses a home dialysis machine: priority reconnection.',
  'Hard of hearing: prefers text.',
  'Oxygen concentrator at home: never disconnect.',
] as const;
const notes = [
  'Asked twice about moving house in spring.',
  'Paid in full after the reminder; was polite about it.',
  'Neighbour collects parcels.',
  'Complained about the router in August.',
] as const;

const limitsCents = [10_000, 25_000, 50_000] as const;

type Drawn = Omit<
  CustomerRecord,
  | 'iban'
  | 'simNumber'
  | 'dataUsedGb'
  | 'fraudFlag'
  | 'marketingConsent'
  | 'priorityService'
  | 'creditLimitCents'
>;

function recordOf(customer: DemoCustomer, index: number, draw: Draw): Drawn {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => draw.number(10)).join('');
  const mailbox = customer.name.toLowerCase().replaceAll(' ', '.');
  return {
    accountNumber: customer.accountNumber,
    name: customer.name,
    email: `${mailbox}.${index + 1}@example.org`,
    phone: customer.contact.address,
    ...draw.pick(plans),
    deliveryPreference: draw.pick(deliveryPreferences),
    billingAddress: {
      street: `${draw.pick(streets)} ${1 + draw.number(120)}`,
      postalCode: `MF${1 + draw.number(9)} ${draw.number(10)}QX`,
      city: draw.pick(towns),
      country: 'GB',
    },
    cardLast4: digits(4),
    cardToken: `tok_${digits(20)}`,
    identityDocument: `PASSPORT ${digits(9)}`,
    healthNotes: draw.number(6) === 0 ? draw.pick(healthNotes) : null,
    notes: draw.number(2) === 0 ? draw.pick(notes) : null,
  };
}

/** Drawn apart, so that what was drawn before stays as it was. */
function withTerms(
  record: Omit<CustomerRecord, 'marketingConsent' | 'priorityService' | 'creditLimitCents'>,
  draw: Draw,
): CustomerRecord {
  return {
    ...record,
    marketingConsent: draw.pick(consents),
    // Whoever has a device that must not stop is known to depend on the service; nobody else yet.
    priorityService: record.healthNotes === null ? null : draw.pick(priorities),
    creditLimitCents: draw.pick(limitsCents),
  };
}

/** As above. */
function withLine(record: Drawn, draw: Draw): Parameters<typeof withTerms>[0] {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => draw.number(10)).join('');
  return {
    ...record,
    iban: `GB${digits(2)}MRRW${digits(14)}`,
    simNumber: `8944${digits(15)}`,
    dataUsedGb: draw.number(900),
    fraudFlag: draw.number(12) === 0 ? draw.pick(fraudReasons) : null,
  };
}

const INSTALLATION_CENTS = 34_900;

function invoicesOf(customer: CustomerRecord, draw: Draw): InvoiceRecord[] {
  const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'] as const;
  return months.map((month, index) => {
    // The first bill carries the installation.
    const extraCents = draw.number(40) * 50 + (index === 0 ? INSTALLATION_CENTS : 0);
    return {
      invoiceId: `INV-${customer.accountNumber.slice(3)}-${month.replace('-', '')}`,
      accountNumber: customer.accountNumber,
      period: month,
      issuedOn: `${month}-28`,
      amountCents: customer.monthlyFeeCents + extraCents,
      refundedCents: 0,
      state: index === months.length - 1 && draw.number(3) === 0 ? 'open' : 'paid',
    };
  });
}

/** Everything that the CRM knows at its first start; the same at every one. */
export function seedRecords(): {
  readonly customers: readonly CustomerRecord[];
  readonly invoices: readonly InvoiceRecord[];
} {
  const draw = drawFrom(seededRandom(`${company.seed}/crm`));
  const ofLine = drawFrom(seededRandom(`${company.seed}/line`));
  const ofTerms = drawFrom(seededRandom(`${company.seed}/terms`));
  const customers = demoCustomers()
    .map((customer, index) => recordOf(customer, index, draw))
    .map((record) => withLine(record, ofLine))
    .map((record) => withTerms(record, ofTerms));
  return { customers, invoices: customers.flatMap((customer) => invoicesOf(customer, draw)) };
}
