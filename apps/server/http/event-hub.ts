import { limits, type Id } from '@proofline/kernel';
import { ProblemError, type ServerEvent } from '@proofline/protocol';
import { createEventStream, type EventStream } from './event-stream.ts';
import { mayHear, type Notice, type Standing } from './may-hear.ts';

/** Who listens, as they stood when they began to. */
export interface Listener extends Standing {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  /** Aborts when the other side goes away. */
  readonly signal: AbortSignal;
  /**
   * How they stand now; `undefined`: their session is over. Asked, because another process may have
   * ended the session, and a desk or a role may have changed.
   */
  readonly standing: () => Promise<Standing | 'locked' | undefined>;
}

/** Live changes, from the modules to the open event streams of this process. */
export interface EventHub {
  publish(notice: Notice): void;
  /**
   * One listener's events until its session ends, its desk or roles change, it goes away, or it falls
   * too far behind.
   *
   * @throws ProblemError `request.too-many` beyond the limit of streams per subject
   */
  listen(listener: Listener): AsyncIterableIterator<ServerEvent>;
  /** Tells the streams of a session that it is over, at once. */
  endSession(sessionId: string): void;
  /** Has the streams of a session look at it again, at once: it was locked, or is not any more. */
  lookAgain(sessionId: string): void;
  /** Ends every stream; listeners connect again, to the next process. */
  close(): void;
}

/** @see EventHub */
export function createEventHub(): EventHub {
  const open = new Map<EventStream, Listener>();
  return {
    publish(notice) {
      const event = { event: notice.type, data: notice.data };
      for (const [stream, listener] of open) if (mayHear(notice, listener)) stream.push(event);
    },
    listen(listener) {
      const own = [...open.values()].filter(({ subjectId }) => subjectId === listener.subjectId);
      if (own.length >= limits.eventStreamsPerSubjectMax)
        throw new ProblemError('request.too-many');
      const stream = createEventStream({
        check: async () => compare(listener, await listener.standing()),
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
    lookAgain(sessionId) {
      for (const [stream, listener] of open)
        if (listener.sessionId === sessionId) stream.lookAgain();
    },
    close() {
      for (const stream of open.keys()) stream.end();
    },
  };
}

function compare(before: Standing, now: Standing | 'locked' | undefined) {
  if (now === undefined) return 'session-ended';
  if (now === 'locked') return 'session-locked';
  const isSame =
    now.desk === before.desk &&
    now.roles.length === before.roles.length &&
    now.roles.every((role) => before.roles.includes(role));
  return isSame ? 'as-before' : 'changed';
}
