import { bytesToBase64url } from '@proofline/kernel';
import type { Context } from '../../context.ts';
import type { Head } from '../../store/head-rows.ts';
import { writeRecords } from '../forms/write-records.ts';
import { ReceiverFault, type Receiver } from '../receiver.ts';
import { readPage } from './read-page.ts';
import { findOrBegin } from './announce-receivers.ts';
import { receiverRows, type PageLease } from './receiver-rows.ts';

/** Longer than any transport takes: nobody else sends in the meantime. */
const LEASE_MS = 60_000;
const TRANSMIT_MAX_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/** What came of a look at one receiver: there may be more at once, or not before some time. */
export type Sent = 'more' | 'idle';

/** Sends one page to one receiver, if there is one and nobody else sends it. At least once, in order. */
export async function sendPage(
  context: Context,
  receiver: Receiver,
  { head, stopping }: { readonly head: Head; readonly stopping: AbortSignal },
): Promise<Sent> {
  const { clock, random, storage, tenant } = context;
  const rows = receiverRows(tenant);
  const row = await findOrBegin(context, receiver, { db: storage.db, head });
  const start = row.next_index;
  if (start >= head.size || row.next_attempt_at.getTime() > clock.now()) return 'idle';
  const page: PageLease = {
    lease: bytesToBase64url(random.bytes(16)),
    name: receiver.name,
    start,
  };
  const nowMs = clock.now();
  const times = { now: new Date(nowMs), until: new Date(nowMs + LEASE_MS) };
  if (!(await rows.lease(storage.db, page, times))) return 'idle';
  try {
    const isFirst = start === row.start_index;
    const { items, end } = await readPage(context, { start, isFirst, head, kinds: receiver.kinds });
    const records = writeRecords(receiver.form, items, receiver.enterprise);
    await transmit(receiver, records, stopping);
    const now = new Date(clock.now());
    return (await rows.confirm(storage.db, page, { end, now })) ? 'more' : 'idle';
  } catch (error) {
    const now = clock.now();
    const fault = faultOf(error, stopping);
    const next = new Date(now + retryAfterMs(row.attempts));
    await rows.fail(storage.db, page, { fault, now: new Date(now), next });
    return 'idle';
  }
}

/** However the transport behaves: it is over when the time is, or when the process stops. */
async function transmit(
  receiver: Receiver,
  records: readonly string[],
  stopping: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(TRANSMIT_MAX_MS)]);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = () => reject(new ReceiverFault('It did not take it in time.'));
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await Promise.race([receiver.transmit(records, signal), over]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** In words of our own: what the other side says may be anything. */
function faultOf(error: unknown, stopping: AbortSignal): string {
  if (stopping.aborted) return 'The server stopped while it was being sent.';
  if (error instanceof ReceiverFault) return error.message;
  return 'It could not be read from the log, or not be sent.';
}

/** One second after the first try, doubling, at most five minutes apart. */
function retryAfterMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts, 12), LONGEST_RETRY_MS);
}
