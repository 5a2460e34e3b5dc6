import type { Id, JsonObject } from '@proofline/kernel';
import { limits } from '@proofline/kernel';
import { ProblemError, type Role, type ServerEvent } from '@proofline/protocol';

/** Something changed that somebody's screen shows. Ids only; the screen asks again for the rest. */
export interface Notice {
  readonly type: string;
  /** Whom it concerns; leads and supervisors are told in any case. */
  readonly staffId?: string;
  readonly data?: JsonObject;
}

interface Listener {
  readonly subjectId: string;
  readonly roles: readonly Role[];
  readonly push: (event: ServerEvent) => void;
}

/** Live changes, from the modules to the open event streams of this process. */
export interface EventHub {
  publish(notice: Notice): void;
  /** One listener's events until its session ends or it goes away. */
  listen(listener: {
    readonly subjectId: Id<'stf'>;
    readonly roles: readonly Role[];
    readonly signal: AbortSignal;
    readonly stillLive: () => Promise<boolean>;
  }): AsyncIterable<ServerEvent>;
}

const HEARTBEAT_MS = 1_000;
const QUEUE_MAX = 256;

/** @see EventHub */
export function createEventHub(): EventHub {
  const listeners = new Set<Listener>();
  return {
    publish(notice) {
      const event = { event: notice.type, data: notice.data ?? {} };
      for (const listener of listeners) if (concerns(notice, listener)) listener.push(event);
    },
    listen(options) {
      const own = [...listeners].filter((other) => other.subjectId === options.subjectId);
      if (own.length >= limits.eventStreamsPerSubjectMax)
        throw new ProblemError('request.too-many');
      return stream(listeners, options);
    },
  };
}

function concerns(notice: Notice, listener: Listener): boolean {
  if (notice.staffId === undefined || notice.staffId === listener.subjectId) return true;
  return listener.roles.some((role) => role === 'supervisor' || role === 'team-lead');
}

async function* stream(
  listeners: Set<Listener>,
  options: Parameters<EventHub['listen']>[0],
): AsyncGenerator<ServerEvent> {
  const queue: ServerEvent[] = [];
  let wake = () => {};
  const listener: Listener = {
    subjectId: options.subjectId,
    roles: options.roles,
    push: (event) => {
      if (queue.length < QUEUE_MAX) queue.push(event);
      wake();
    },
  };
  listeners.add(listener);
  try {
    yield { event: 'heartbeat', data: {} };
    while (!options.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (queue.length > 0) resolve();
        setTimeout(resolve, HEARTBEAT_MS);
      });
      // P6: a stream that was opened in time does not outlive its session by more than a heartbeat.
      if (!(await options.stillLive())) {
        yield { event: 'session.ended', data: {} };
        return;
      }
      if (queue.length === 0) yield { event: 'heartbeat', data: {} };
      while (queue.length > 0) yield queue.shift()!;
    }
  } finally {
    listeners.delete(listener);
  }
}
