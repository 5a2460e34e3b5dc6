/** What can be done to a record besides its own forms, and the gateway’s route for each. */
export const recordActs = {
  note: { method: 'POST', path: '/notes' },
  plan: { method: 'PUT', path: '/plan' },
  sim: { method: 'POST', path: '/sim-replacements' },
  'bank-details': { method: 'PUT', path: '/bank-details' },
  credit: { method: 'POST', path: '/credits' },
  'payment-plan': { method: 'POST', path: '/payment-plans' },
  'router-restart': { method: 'POST', path: '/router-restarts' },
  'fraud-flag': { method: 'POST', path: '/fraud-flags' },
  'fraud-flag-lift': { method: 'POST', path: '/fraud-flag-lifts' },
} as const;

/** One of {@link recordActs}. */
export type RecordActKind = keyof typeof recordActs;

/** The names of {@link recordActs}, in the order in which they are offered. */
// `Object.keys` forgets the literal type that it was given.
export const recordActKinds = Object.keys(recordActs) as RecordActKind[];

/** What is typed into the form of an act, as the guarded system takes it. */
export type RecordActBody = Readonly<Record<string, string | number>>;
