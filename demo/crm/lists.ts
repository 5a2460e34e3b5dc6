/** One row of a list that hangs on a record. */
export interface ListRow {
  readonly id: string;
  readonly [field: string]: string | number;
}

/** A list that hangs on a record: usage by month, orders, fault reports. */
export interface CrmList {
  readonly operationId: string;
  /** Below `/customers/{accountNumber}`; the name of the list as well. */
  readonly path: string;
  /** What a row has besides its `id`. */
  readonly fields: Readonly<Record<string, 'string' | 'integer'>>;
}

/** What the CRM shows besides the record and its invoices. The same list describes it in OpenAPI. */
export const crmLists = [
  {
    operationId: 'listServiceNotices',
    path: 'service-notices',
    fields: { from: 'string', until: 'string', text: 'string' },
  },
  {
    operationId: 'listUsage',
    path: 'usage',
    fields: { month: 'string', dataGb: 'integer', callMinutes: 'integer' },
  },
  {
    operationId: 'listOrders',
    path: 'orders',
    fields: { what: 'string', orderedOn: 'string', dueOn: 'string', state: 'string' },
  },
  {
    operationId: 'listTickets',
    path: 'tickets',
    fields: { fault: 'string', openedOn: 'string', state: 'string' },
  },
  {
    operationId: 'listRecordings',
    path: 'recordings',
    fields: { recordedOn: 'string', seconds: 'integer', transcript: 'string' },
  },
] as const satisfies readonly CrmList[];

/** The name of one of {@link crmLists}. */
export type ListName = (typeof crmLists)[number]['path'];
