import type { Action } from '@proofline/protocol';
import { z } from 'zod';

/** A list that hangs on a record: what it is decided as, what it is called, its route, its columns. */
interface RecordList {
  readonly action: Action;
  readonly title: string;
  readonly path: string;
  /** Member of a row → the head of its column. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What can be read of a record besides the record itself and its invoices. */
export const recordLists = {
  notices: {
    action: 'account:read-public',
    title: 'Service notices',
    path: '/service-notices',
    columns: { from: 'From', until: 'Until', text: 'Notice' },
  },
  usage: {
    action: 'usage:read',
    title: 'Usage',
    path: '/usage',
    columns: { month: 'Month', dataGb: 'Data in GB', callMinutes: 'Minutes of calls' },
  },
  orders: {
    action: 'order:read',
    title: 'Orders and visits',
    path: '/orders',
    columns: { id: 'Number', what: 'What', orderedOn: 'Ordered', dueOn: 'Due', state: 'State' },
  },
  tickets: {
    action: 'ticket:read',
    title: 'Fault reports',
    path: '/tickets',
    columns: { id: 'Number', fault: 'Fault', openedOn: 'Reported', state: 'State' },
  },
  recordings: {
    action: 'recording:listen',
    title: 'Recordings',
    path: '/recordings',
    columns: { recordedOn: 'Recorded', seconds: 'Seconds', transcript: 'What was said' },
  },
} as const satisfies Record<string, RecordList>;

/** One of {@link recordLists}. */
export type RecordListKind = keyof typeof recordLists;

/** The names of {@link recordLists}, in the order in which they are offered. */
// `Object.keys` forgets the literal type that it was given.
export const recordListKinds = Object.keys(recordLists) as RecordListKind[];

/** Rows as the gateway lets them through: any member may be missing. */
export const ListRows = z.array(z.record(z.string(), z.union([z.string(), z.number()])));
/** One row of a list. */
export type ListRow = z.infer<typeof ListRows>[number];
