import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEventFeed, type EventFeed, type FeedState } from './event-feed.ts';
import { NoAnswer } from './refusal.ts';

/** A server whose lines a test can hold, cut, and refuse. */
function createServer() {
  const lines: ReadableStreamDefaultController<Uint8Array>[] = [];
  let isDown = false;
  let attempts = 0;
  return {
    lines,
    attempts: () => attempts,
    setDown: (down: boolean) => (isDown = down),
    send: (text: string) => lines.at(-1)?.enqueue(new TextEncoder().encode(text)),
    async open(signal: AbortSignal): Promise<Response> {
      attempts += 1;
      if (isDown) throw new NoAnswer('down');
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          lines.push(controller);
          signal.addEventListener('abort', () => controller.error(new Error('aborted')), {
            once: true,
          });
        },
      });
      return new Response(body);
    },
  };
}

let server: ReturnType<typeof createServer>;
let feed: EventFeed;
let told: string[];
let states: FeedState[];

beforeEach(() => {
  vi.useFakeTimers();
  server = createServer();
  told = [];
  states = [];
  feed = startEventFeed({
    open: (signal) => server.open(signal),
    onEvent: ({ name }) => told.push(name),
    onOpen: (isFirst) => told.push(isFirst ? 'opened' : 'opened again'),
  });
  feed.state.subscribe(() => states.push(feed.state.get()));
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const changed = 'event: interaction.changed\ndata: {"interactionId":"int_1"}\n\n';
const heartbeat = 'event: heartbeat\ndata: {}\n\n';

describe('the event feed', () => {
  test('that is cut off opens again within a second and has everything read anew', async () => {
    await wait(0);
    server.send(changed);
    await wait(0);
    server.lines.at(-1)?.close();
    await wait(0);
    expect(states).toEqual(['live', 'late']);
    await wait(1_000);
    expect(told).toEqual(['opened', 'interaction.changed', 'opened again']);
    expect(feed.state.get()).toBe('live');
  });

  test('that falls silent is not taken for a quiet one: cut after ten seconds, opened again', async () => {
    await wait(0);
    for (let second = 0; second < 30; second += 1) {
      server.send(heartbeat);
      await wait(1_000);
    }
    expect(server.lines).toHaveLength(1);
    await wait(9_000);
    expect(states.at(-1)).toBe('late');
    await wait(2_000);
    expect(told.at(-1)).toBe('opened again');
    expect(server.lines).toHaveLength(2);
  });

  test('says that it is late for as long as nobody answers, and asks less often', async () => {
    await wait(0);
    server.setDown(true);
    server.lines.at(-1)?.close();
    await wait(60_000);
    expect(feed.state.get()).toBe('late');
    expect(server.attempts()).toBeLessThan(12);
    server.setDown(false);
    await wait(10_000);
    expect(told).toEqual(['opened', 'opened again']);
  });

  test('opens nothing more once it was stopped, and leaves no timer', async () => {
    await wait(0);
    server.lines.at(-1)?.close();
    await wait(0);
    feed.stop();
    await wait(60_000);
    expect(server.lines).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
