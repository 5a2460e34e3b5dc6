import type { FileReply, Route, ServerEvent } from '@proofline/protocol';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';

/** Writes a handler's answer in the form that its route declares. */
export function sendReply(c: Context, route: Route, reply: unknown): Response {
  if (route.reply === 'empty') return c.body(null, route.status);
  // `handle` checked that a handler of an `events` or `file` route answers just that.
  if (route.reply === 'events') return sendEvents(c, reply as AsyncIterable<ServerEvent>); // as declared
  if (route.reply === 'file') return sendFile(c, reply as FileReply); // as declared
  // What is not in the contract does not leave: unknown members are dropped, a wrong one is our bug.
  const body = z.parse(route.reply, reply);
  // 204 stands only beside an empty reply.
  return c.body(JSON.stringify(body), route.status as ContentfulStatusCode, {
    'content-type': 'application/json',
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

function sendEvents(c: Context, events: AsyncIterable<ServerEvent>): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) return controller.close();
      const { event, data } = next.value;
      controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return c.body(body, 200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}
