import type { Action } from '@proofline/protocol';
import {
  amount,
  chosen,
  day,
  invoice,
  named,
  reason,
  slot,
  typed,
  words,
  type ActField,
} from './act-fields.ts';

/** A change of a customer’s record: what it is decided as, what its control says, and its route. */
export interface Change {
  readonly action: Action;
  readonly label: string;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  /** Below the record, at the gateway. */
  readonly path: string;
}

/** A change that is nothing but its fields. */
export interface RecordAct extends Change {
  readonly fields: readonly ActField[];
  /** Seldom needed on a call: folded away. */
  readonly seldom: boolean;
}

const act = (
  action: Action,
  label: string,
  at: `${'POST' | 'PUT'} /${string}`,
): Change & {
  asking(...fields: ActField[]): RecordAct;
  seldom(...fields: ActField[]): RecordAct;
} => {
  // The template of the parameter says what the two halves are.
  const [method, path] = at.split(' ') as ['POST' | 'PUT', string];
  const change = { action, label, method, path };
  return {
    ...change,
    asking: (...fields) => ({ ...change, fields, seldom: false }),
    seldom: (...fields) => ({ ...change, fields, seldom: true }),
  };
};

const plans = [
  'Fibre 250',
  'Fibre 500',
  'Fibre 1000',
  'Home power day & night',
  'Home power and fibre',
];

/** What can be done to a record besides what has a form of its own, in the order in which it is offered. */
export const recordActs = {
  note: act('note:add', 'Add a note', 'POST /notes').asking(words('text', 'Note')),
  plan: act('plan:change', 'Change the plan', 'PUT /plan').asking(named('plan', 'New plan', plans)),
  sim: act('sim:replace', 'Replace the SIM', 'POST /sim-replacements').asking(
    typed('simNumber', 'Number on the new SIM', [
      /^8944[0-9]{15}$/,
      'Nineteen digits, beginning with 8944.',
    ]),
  ),
  'bank-details': act('bank-details:update', 'Change the bank details', 'PUT /bank-details').asking(
    typed('iban', 'IBAN', [/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/, 'Without spaces.']),
  ),
  credit: act('credit:grant', 'Grant a credit', 'POST /credits').asking(amount, reason),
  'payment-plan': act(
    'payment-plan:agree',
    'Agree on a payment plan',
    'POST /payment-plans',
  ).asking(amount, {
    name: 'months',
    label: 'Months',
    kind: 'count',
    hint: 'From 2 to 24.',
    pattern: /^([2-9]|1\d|2[0-4])$/,
  }),
  'router-restart': act('router:restart', 'Restart the router', 'POST /router-restarts').asking(),
  'line-test': act('line:test', 'Test the line', 'POST /line-tests').asking(),
  ticket: act('ticket:open', 'Report a fault', 'POST /tickets').asking(
    chosen('fault', 'Fault', {
      'no-connection': 'No connection',
      slow: 'Slow',
      'drops-out': 'Drops out',
      'no-power': 'No power',
    }),
  ),
  appointment: act('appointment:book', 'Book an engineer', 'POST /appointments').asking(
    day('on', 'Day'),
    slot,
  ),
  'appointment-cancel': act(
    'appointment:cancel',
    'Cancel an engineer’s visit',
    'POST /appointment-cancellations',
  ).seldom(typed('visitId', 'Visit', [/^VIS-\d{5}-\d{1,4}$/, 'As it stands among the orders.'])),
  equipment: act('equipment:replace', 'Replace equipment', 'POST /equipment-replacements').seldom(
    chosen('device', 'Device', {
      router: 'Router',
      'optical-terminal': 'Optical terminal',
      meter: 'Meter',
    }),
  ),
  'add-on': act('add-on:book', 'Book an add-on', 'POST /add-ons').asking(
    named('addOn', 'Add-on', ['Static address', 'Sports channels', 'Roaming 10 GB']),
  ),
  'order-cancel': act('order:cancel', 'Cancel an order', 'POST /order-cancellations').seldom(
    typed('orderId', 'Order', [/^ORD-\d{5}-\d{1,4}$/, 'As it stands among the orders.']),
  ),
  move: act(
    'service-address:move',
    'Move the service to another address',
    'POST /service-moves',
  ).asking(
    typed('street', 'Street and number', [/^.{1,120}$/, 'At most 120 characters.']),
    typed('postalCode', 'Postal code', [/^.{1,12}$/, 'At most 12 characters.']),
    typed('city', 'City', [/^.{1,80}$/, 'At most 80 characters.']),
    day('on', 'From'),
  ),
  contact: act(
    'contact-details:update',
    'Change the contact on file',
    'PUT /contact-details',
  ).asking(
    typed('email', 'E-mail', [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'An address such as ana@example.org.']),
    typed('phone', 'Phone', [/^\+[0-9 ]{8,20}$/, 'With the country: +44 7700 900123.']),
  ),
  consent: act(
    'marketing-consent:update',
    'Change the consent to advertising',
    'PUT /marketing-consent',
  ).seldom(
    chosen('consent', 'Consent', {
      none: 'None',
      email: 'By e-mail',
      'email-and-phone': 'By e-mail and phone',
    }),
  ),
  priority: act(
    'priority-service:register',
    'Register a need for priority service',
    'POST /priority-services',
  ).asking(
    chosen('priority', 'What is promised', {
      'reconnect-first': 'Reconnected first',
      'warn-before-works': 'Warned before works',
    }),
  ),
  complaint: act('complaint:record', 'Record a complaint', 'POST /complaints').asking(
    chosen('topic', 'About', {
      billing: 'Billing',
      service: 'Service',
      conduct: 'Conduct',
      delivery: 'Delivery',
    }),
    words('text', 'What the customer says'),
  ),
  callback: act('callback:schedule', 'Promise a call back', 'POST /callbacks').seldom(
    day('on', 'Day'),
    slot,
  ),
  'late-fee': act('late-fee:waive', 'Waive a late fee', 'POST /late-fee-waivers').seldom(
    invoice,
    reason,
  ),
  'collection-pause': act(
    'collection:pause',
    'Pause the collection of a debt',
    'POST /collection-pauses',
  ).asking(day('until', 'Until')),
  'debt-write-off': act('debt:write-off', 'Write off a debt', 'POST /debt-write-offs').seldom(
    amount,
    reason,
  ),
  'invoice-correction': act(
    'invoice:correct',
    'Correct an invoice',
    'POST /invoice-corrections',
  ).seldom(invoice, amount, reason),
  'credit-limit': act('credit-limit:raise', 'Raise the credit limit', 'PUT /credit-limit').seldom(
    amount,
  ),
  'number-release': act(
    'number:release',
    'Release the number to another provider',
    'POST /number-releases',
  ).seldom(
    typed('provider', 'Other provider', [/^.{2,60}$/, 'At most 60 characters.']),
    day('on', 'On'),
  ),
  termination: act('contract:terminate', 'End the contract', 'POST /contract-terminations').seldom(
    day('on', 'On'),
    chosen('because', 'Because', {
      moving: 'Moving away',
      price: 'Price',
      service: 'Service',
      other: 'Something else',
    }),
  ),
  'record-copy': act(
    'record:export',
    'Hand out a copy of the record',
    'POST /record-copies',
  ).asking(),
  'fraud-flag': act('fraud-flag:set', 'Flag a suspicion of fraud', 'POST /fraud-flags').asking(
    chosen('suspicion', 'Suspicion', {
      'account-takeover': 'Account takeover',
      'stolen-card': 'Stolen card',
      'false-claim': 'False claim',
    }),
  ),
  'fraud-flag-lift': act(
    'fraud-flag:lift',
    'Lift a suspicion of fraud',
    'POST /fraud-flag-lifts',
  ).asking(reason),
} as const satisfies Record<string, RecordAct>;

/** One of {@link recordActs}. */
export type RecordActKind = keyof typeof recordActs;

/** The names of {@link recordActs}, in the order in which they are offered. */
// `Object.keys` forgets the literal type that it was given.
export const recordActKinds = Object.keys(recordActs) as RecordActKind[];

/** Every change of a record that the panel offers. */
export const recordChanges = {
  'delivery-preference': {
    action: 'delivery-preference:update',
    label: 'Change the delivery preference',
    method: 'PATCH',
    path: '/delivery-preference',
  },
  'billing-address': {
    action: 'billing-address:update',
    label: 'Change the billing address',
    method: 'PUT',
    path: '/billing-address',
  },
  refund: { action: 'refund:initiate', label: 'Start a refund', method: 'POST', path: '/refunds' },
  ...recordActs,
} as const satisfies Record<string, Change>;
