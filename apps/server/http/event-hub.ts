import type { Id, JsonObject } from '@proofline/kernel';
import { limits } from '@proofline/kernel';
import { ProblemError, type Role, type ServerEvent } from '@proofline/protocol';
import { createEventStream, type EventStream } from './event-stream.ts';

/** Something changed that somebody's screen shows. Ids only; the screen asks again for the rest. */
export interface Notice {
  readonly type: string;
  /** Whom it concerns; leads and supervisors are told in any case. */
  readonly staffId?: string;
  readonly data?: JsonObject;
}

/** Who listens. */
export interface Listener {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly roles: readonly Role[];
  /** Aborts when the other side goes away. */
  readonly signal: AbortSignal;
  /** For sessions that end elsewhere: another process may have ended this one. */
  readonly stillLive: () => Promise<boolean>;
}

/** Live changes, from the modules to the open event streams of this process. */
export interface EventHub {
  publish(notice: Notice): void;
  /**
   * One listener's events until its session ends, it goes away, or it falls too far behind.
   *
   * @throws ProblemError `request.too-many` beyond the limit of streams per subject
   */
  listen(listener: Listener): AsyncIterableIterator<ServerEvent>;
  /** Tells the streams of a session that it is over, at once. */
  endSession(sessionId: string): void;
  /** Ends every stream; listeners connect again, to the next process. */
  close(): void;
}

/** @see EventHub */
export function createEventHub(): EventHub {
  const open = new Map<EventStream, Listener>();
  return {
    publish(notice) {
      const event = { event: notice.type, data: notice.data ?? {} };
      for (const [stream, listener] of open) if (concerns(notice, listener)) stream.push(event);
    },
    listen(listener) {
      const own = [...open.values()].filter(({ subjectId }) => subjectId === listener.subjectId);
      if (own.length >= limits.eventStreamsPerSubjectMax)
        throw new ProblemError('request.too-many');
      const stream = createEventStream({
        stillLive: listener.stillLive,
        onEnd: () => open.delete(stream),
      });
      open.set(stream, listener);
      if (listener.signal.aborted) stream.end();
      else listener.signal.addEventListener('abort', () => stream.end(), { once: true });
      return stream;
    },
    endSession(sessionId) {
      for (const [stream, listener] of open)
        if (listener.sessionId === sessionId) stream.endBySession();
    },
    close() {
      for (const stream of open.keys()) stream.end();
    },
  };
}

function concerns(notice: Notice, listener: Listener): boolean {
  if (notice.staffId === undefined || notice.staffId === listener.subjectId) return true;
  return listener.roles.some((role) => role === 'supervisor' || role === 'team-lead');
}
