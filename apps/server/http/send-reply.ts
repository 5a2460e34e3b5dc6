import type { FileReply, Route, ServerEvent } from '@proofline/protocol';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';

/** A handler's answer, and whom to tell when a stream of it breaks after it has begun. */
export interface Sending {
  readonly reply: unknown;
  readonly onBroken: (error: unknown) => void;
}

/** Writes a handler's answer in the form that its route declares. */
export function sendReply(c: Context, route: Route, { reply, onBroken }: Sending): Response {
  if (route.reply === 'empty') return c.body(null, route.status);
  // `handle` checked that a handler of an `events` or `file` route answers just that.
  if (route.reply === 'events') return sendEvents(c, reply as AsyncIterable<ServerEvent>, onBroken); // as declared
  if (route.reply === 'file') return sendFile(c, reply as FileReply); // as declared
  // What is not in the contract does not leave: unknown members are dropped, a wrong one is our bug.
  const body = z.parse(route.reply, reply);
  // 204 stands only beside an empty reply.
  return c.body(JSON.stringify(body), route.status as ContentfulStatusCode, {
    'content-type': route.media ?? 'application/json',
    'cache-control': 'no-store',
  });
}

function sendFile(c: Context, file: FileReply): Response {
  return c.body(new Uint8Array(file.bytes), 200, {
    'content-type': file.type,
    'content-disposition': `attachment; filename="${file.name.replaceAll(/[^\w.-]/g, '_')}"`,
    'cache-control': 'no-store',
  });
}

const EVENT_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
} as const;

function sendEvents(
  c: Context,
  events: AsyncIterable<ServerEvent>,
  onBroken: Sending['onBroken'],
): Response {
  const iterator = events[Symbol.asyncIterator]();
  if (c.req.method === 'HEAD') {
    // Hono answers HEAD with the GET's headers and would leave the stream open for ever.
    void iterator.return?.();
    return c.body(null, 200, EVENT_HEADERS);
  }
  return c.body(streamOf(iterator, onBroken), 200, EVENT_HEADERS);
}

function streamOf(iterator: AsyncIterator<ServerEvent>, onBroken: Sending['onBroken']) {
  const encoder = new TextEncoder();
  let isCancelled = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let next: IteratorResult<ServerEvent> | undefined;
      try {
        next = await iterator.next();
      } catch (error) {
        // A stream that errs would have its message written to the other side; this one just ends.
        onBroken(error);
      }
      if (isCancelled) return;
      if (next === undefined || next.done === true) return controller.close();
      const { event, data } = next.value;
      controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    },
    async cancel() {
      isCancelled = true;
      await iterator.return?.();
    },
  });
}
