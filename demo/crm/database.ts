import { DatabaseSync } from 'node:sqlite';
import type { ListChange } from './acts.ts';
import type { ListName, ListRow } from './lists.ts';
import type {
  ActRecord,
  Address,
  CustomerRecord,
  DeliveryPreference,
  InvoiceRecord,
  RefundRecord,
} from './records.ts';
import { listRows } from './list-rows.ts';
import { seedLists } from './seed-lists.ts';
import { seedRecords } from './seed.ts';

/** A refund that is asked for. */
interface RefundOrder {
  readonly accountNumber: string;
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly reason: string;
  /** What whoever asks saw of the invoice: if it is not so, nothing is booked. */
  readonly seen?: InvoiceSeen | undefined;
  /** The same key never books twice. */
  readonly idempotencyKey: string | undefined;
}

type InvoiceSeen = Pick<InvoiceRecord, 'amountCents' | 'refundedCents'>;

/** Something that is to be done to a record. */
interface ActOrder {
  readonly accountNumber: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly change: Partial<CustomerRecord>;
  readonly listed: ListChange | undefined;
  readonly idempotencyKey: string | undefined;
}

/** What became of it. */
export type RefundOutcome =
  | { readonly kind: 'booked'; readonly refund: RefundRecord }
  | { readonly kind: 'unknown-invoice' | 'not-as-seen' | 'too-much' | 'key-reused' };

/** The CRM's own database: SQLite, in a file or in memory. */
export interface CrmDatabase {
  customer(accountNumber: string): CustomerRecord | undefined;
  search(text: string): readonly CustomerRecord[];
  invoices(accountNumber: string): readonly InvoiceRecord[];
  list(accountNumber: string, name: ListName): readonly ListRow[];
  setDelivery(accountNumber: string, preference: DeliveryPreference): CustomerRecord | undefined;
  setAddress(accountNumber: string, address: Address): CustomerRecord | undefined;
  refund(order: RefundOrder): RefundOutcome;
  /**
   * Writes an act into the history and changes the record by it; the same key does it once.
   * `undefined`: there is no such customer, or no such row of the list.
   */
  act(order: ActOrder): ActRecord | undefined;
  close(): void;
}

/** What was to be changed is none of this customer's: nothing of the act stays. */
class NoSuchRow extends Error {}

const schema = `
  CREATE TABLE IF NOT EXISTS customers (account_number TEXT PRIMARY KEY, name TEXT NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS invoices (invoice_id TEXT PRIMARY KEY, account_number TEXT NOT NULL, record TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS invoices_by_account ON invoices (account_number);
  CREATE TABLE IF NOT EXISTS refunds (refund_id INTEGER PRIMARY KEY, idempotency_key TEXT UNIQUE, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS acts (
    act_id INTEGER PRIMARY KEY, account_number TEXT NOT NULL, idempotency_key TEXT UNIQUE,
    body TEXT NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS rows_of_lists (
    account_number TEXT NOT NULL, list TEXT NOT NULL, row_id TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (account_number, list, row_id));
`;

/** Opens the database at `path` (`:memory:` for none), and fills it the first time. */
export function openCrmDatabase(path: string, now: () => Date): CrmDatabase {
  const db = new DatabaseSync(path);
  db.exec(schema);
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the rows hold
  const one = <T>(sql: string, ...values: (string | number | null)[]): T | undefined => {
    const row = db.prepare(sql).get(...values);
    // Every `record` was written by this file as the JSON of its type.
    return row === undefined ? undefined : (JSON.parse(String(row['record'])) as T);
  };
  const all = <T>(sql: string, ...values: string[]): T[] =>
    db
      .prepare(sql)
      .all(...values)
      // As above.
      .map((row) => JSON.parse(String(row['record'])) as T);
  const atomically = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };

  const customer = (accountNumber: string): CustomerRecord | undefined =>
    one('SELECT record FROM customers WHERE account_number = ?', accountNumber);
  const write = (accountNumber: string, part: Partial<CustomerRecord>) => {
    const known = customer(accountNumber);
    if (!known) return undefined;
    const changed = { ...known, ...part };
    db.prepare('UPDATE customers SET record = ? WHERE account_number = ?').run(
      JSON.stringify(changed),
      accountNumber,
    );
    return changed;
  };
  const change = (accountNumber: string, part: Partial<CustomerRecord>) =>
    atomically(() => write(accountNumber, part));

  const lists = listRows(db);
  const act = ({ accountNumber, kind, body, change: part, listed, idempotencyKey }: ActOrder) => {
    const before = one<ActRecord>(
      'SELECT record FROM acts WHERE idempotency_key = ? AND account_number = ?',
      idempotencyKey ?? null,
      accountNumber,
    );
    if (before || !write(accountNumber, part)) return before;
    if (listed && !lists.change(accountNumber, listed)) throw new NoSuchRow();
    const count = Number(db.prepare('SELECT count(*) AS n FROM acts').get()?.['n'] ?? 0);
    const record: ActRecord = { actId: `ACT-${1000 + count}`, kind, bookedAt: now().toISOString() };
    db.prepare(
      'INSERT INTO acts (account_number, idempotency_key, body, record) VALUES (?, ?, ?, ?)',
    ).run(accountNumber, idempotencyKey ?? null, JSON.stringify(body), JSON.stringify(record));
    return record;
  };

  const book = (order: RefundOrder): RefundOutcome => {
    const { idempotencyKey, seen, ...terms } = order;
    if (idempotencyKey !== undefined) {
      const before = one<RefundRecord>(
        'SELECT record FROM refunds WHERE idempotency_key = ?',
        idempotencyKey,
      );
      if (before)
        return same(before, terms) ? { kind: 'booked', refund: before } : { kind: 'key-reused' };
    }
    const invoice = one<InvoiceRecord>(
      'SELECT record FROM invoices WHERE invoice_id = ? AND account_number = ?',
      terms.invoiceId,
      terms.accountNumber,
    );
    if (!invoice) return { kind: 'unknown-invoice' };
    if (seen && !isAsSeen(invoice, seen)) return { kind: 'not-as-seen' };
    const refundedCents = invoice.refundedCents + terms.amountCents;
    if (refundedCents > invoice.amountCents) return { kind: 'too-much' };
    const count = Number(db.prepare('SELECT count(*) AS n FROM refunds').get()?.['n'] ?? 0);
    const refund = { refundId: `RF-${1000 + count}`, ...terms, bookedAt: now().toISOString() };
    db.prepare('INSERT INTO refunds (idempotency_key, record) VALUES (?, ?)').run(
      idempotencyKey ?? null,
      JSON.stringify(refund),
    );
    db.prepare('UPDATE invoices SET record = ? WHERE invoice_id = ?').run(
      JSON.stringify({ ...invoice, refundedCents }),
      invoice.invoiceId,
    );
    return { kind: 'booked', refund };
  };

  if (!db.prepare('SELECT 1 FROM customers LIMIT 1').get()) atomically(() => fill(db));
  return {
    customer,
    search: (text) =>
      all('SELECT record FROM customers WHERE instr(lower(name), lower(?)) > 0 LIMIT 20', text),
    invoices: (accountNumber) =>
      all(
        'SELECT record FROM invoices WHERE account_number = ? ORDER BY invoice_id DESC',
        accountNumber,
      ),
    list: lists.list,
    setDelivery: (accountNumber, deliveryPreference) =>
      change(accountNumber, { deliveryPreference }),
    setAddress: (accountNumber, billingAddress) => change(accountNumber, { billingAddress }),
    refund: (order) => atomically(() => book(order)),
    act(order) {
      try {
        return atomically(() => act(order));
      } catch (error) {
        if (error instanceof NoSuchRow) return undefined;
        throw error;
      }
    },
    close: () => db.close(),
  };
}

function isAsSeen(invoice: InvoiceRecord, seen: InvoiceSeen): boolean {
  return invoice.amountCents === seen.amountCents && invoice.refundedCents === seen.refundedCents;
}

function same(
  refund: RefundRecord,
  terms: Pick<RefundRecord, 'accountNumber' | 'invoiceId' | 'amountCents' | 'reason'>,
): boolean {
  return (
    refund.accountNumber === terms.accountNumber &&
    refund.invoiceId === terms.invoiceId &&
    refund.amountCents === terms.amountCents &&
    refund.reason === terms.reason
  );
}

function fill(db: DatabaseSync): void {
  const { customers, invoices } = seedRecords();
  const addCustomer = db.prepare(
    'INSERT INTO customers (account_number, name, record) VALUES (?, ?, ?)',
  );
  const addRow = db.prepare('INSERT INTO rows_of_lists VALUES (?, ?, ?, ?)');
  for (const record of customers) {
    const { accountNumber } = record;
    addCustomer.run(accountNumber, record.name, JSON.stringify(record));
    for (const [list, rows] of Object.entries(seedLists(accountNumber))) {
      for (const row of rows) addRow.run(accountNumber, list, row.id, JSON.stringify(row));
    }
  }
  const addInvoice = db.prepare(
    'INSERT INTO invoices (invoice_id, account_number, record) VALUES (?, ?, ?)',
  );
  for (const record of invoices) {
    addInvoice.run(record.invoiceId, record.accountNumber, JSON.stringify(record));
  }
}
