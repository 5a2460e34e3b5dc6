import type { AccessTaskState } from '@proofline/decisions';
import type { Id, Json } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { CALLBACK_ATTEMPTS_MAX, nextCallbackMs } from '../domain/callback-retry.ts';
import { findTask } from '../store/access-request-rows.ts';
import { closeCallback, leaseCallback, listDueCallbacks } from '../store/callback-rows.ts';
import type { CallbackRow } from '../store/tables.ts';
import { describeTask } from './read-task.ts';

/** How soon a task that still waits is looked at again. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Tells enforcement points which of their tasks have ended (AuthZEN Callback profile, Notification
 * Delivery): at least once, a bounded number of times, and never what would open something: the task
 * status stays the authority. Answers how many were told.
 */
export async function deliverCallbacks(deps: ApprovalsDeps): Promise<number> {
  const { storage, tenant, clock } = deps;
  let told = 0;
  for (const row of await listDueCallbacks(storage.db, tenant, new Date(clock.now()))) {
    if (await deliverOne(deps, row)) told += 1;
  }
  return told;
}

async function deliverOne(deps: ApprovalsDeps, row: CallbackRow): Promise<boolean> {
  const { storage, tenant, clock } = deps;
  const stored = await findTask(storage.db, tenant, { taskId: row.task_id });
  // It was written together with the callback, and no task is ever taken away.
  if (!stored) throw new Error('the task of a callback has gone');
  const { status } = await describeTask(deps, stored);
  const end = (outcome: NonNullable<CallbackRow['outcome']>) =>
    closeCallback(storage.db, row, { outcome, at: new Date(clock.now()) });
  if (status === 'pending') {
    const until = new Date(clock.now() + LOOK_AGAIN_MS);
    await leaseCallback(storage.db, row, { attempts: row.attempts, until });
    return false;
  }
  if (!isWanted(row, status)) {
    await end('not-wanted');
    return false;
  }
  const until = new Date(nextCallbackMs(clock.now(), row.attempts));
  const attempts = row.attempts + 1;
  if (!(await leaseCallback(storage.db, row, { attempts, until }))) return false;
  try {
    await deps.callbacks.send({
      endpoint: row.endpoint,
      serviceId: stored.request.service_id,
      // Minted by this module.
      taskId: row.task_id as Id<'arq'>,
      status,
      ...(row.state !== null && { state: stateOf(row.state) }),
    });
  } catch {
    // What was thrown is not looked at: the other side has a hand in it.
    if (attempts >= CALLBACK_ATTEMPTS_MAX) await end('given-up');
    return false;
  }
  await end('told');
  return true;
}

function isWanted({ events }: CallbackRow, status: AccessTaskState['status']): boolean {
  const wanted: unknown = events === null ? undefined : JSON.parse(events);
  return !Array.isArray(wanted) || wanted.includes(status);
}

function stateOf(text: string): Json {
  // Written by this module from what zod read as JSON.
  return JSON.parse(text) as Json;
}
