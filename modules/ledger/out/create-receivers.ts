import { setTimeout as pause } from 'node:timers/promises';
import type { EvidenceReceiver } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { createNap } from '../sequencer/nap.ts';
import type { EvidenceListWriter } from '../types.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import { announceReceivers } from './sending/announce-receivers.ts';
import { receiverRows } from './sending/receiver-rows.ts';
import { sendPage } from './sending/send-page.ts';
import type { Receiver, Receivers } from './receiver.ts';

const LOOK_MS = 500;

/** One loop for each receiver: who is slow or gone delays nobody else. */
export function createReceivers(
  context: Context,
  sequencer: Pick<Sequencer, 'published'>,
  writer: Pick<EvidenceListWriter, 'recordAll'>,
): Receivers {
  const { receivers = [], storage, tenant } = context;
  let running: { readonly stop: AbortController; readonly loops: Promise<void>[] } | undefined;

  async function run(receiver: Receiver, stopping: AbortSignal): Promise<void> {
    const nap = createNap();
    stopping.addEventListener('abort', () => nap.knock(), { once: true });
    while (!stopping.aborted) {
      nap.begin();
      try {
        const head = sequencer.published();
        const sent = await sendPage(context, receiver, { head, stopping });
        if (sent === 'more') continue;
      } catch (error) {
        // The database, not the receiver: what it is to be told cannot be looked up.
        const reason = `The receiver ‘${receiver.name}’ could not be served; it is tried again.`;
        context.onFault?.({ reason, stopped: false, error });
      }
      if (!stopping.aborted) await nap.sleep(LOOK_MS);
    }
  }

  /** Nothing goes out before the log says to whom. */
  async function announce(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        return await announceReceivers(context, sequencer.published(), writer);
      } catch (error) {
        const reason = 'Who is sent the log could not be written down; it is tried again.';
        context.onFault?.({ reason, stopped: false, error });
        await pause(LOOK_MS, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }

  return {
    start() {
      if (running) return;
      const stop = new AbortController();
      const announced = announce(stop.signal);
      const loops = receivers.map((receiver) => announced.then(() => run(receiver, stop.signal)));
      running = { stop, loops: [announced, ...loops] };
    },
    async stop() {
      running?.stop.abort();
      await Promise.all(running?.loops ?? []);
      running = undefined;
    },
    async statuses() {
      const { size } = sequencer.published();
      const rows = receiverRows(tenant);
      return Promise.all(
        receivers.map(async ({ form, kinds, name, target }): Promise<EvidenceReceiver> => {
          const row = await rows.find(storage.db, name);
          const next = row?.next_index ?? 0;
          return {
            name,
            form,
            target,
            ...(kinds && { kinds: [...kinds] }),
            nextIndex: next,
            behind: Math.max(0, size - next),
            logSize: size,
            attempts: row?.attempts ?? 0,
            ...(row?.delivered_at && { deliveredAt: row.delivered_at.toISOString() }),
            ...(row?.failing_since && { failingSince: row.failing_since.toISOString() }),
            ...(row?.fault && { fault: row.fault }),
          };
        }),
      );
    },
  };
}
