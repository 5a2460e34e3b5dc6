import { createParser } from 'eventsource-parser';
import { NoAnswer } from './refusal.ts';
import { createStore, type Store } from './store.ts';

/** The server sends a heartbeat each second; silence means that the line is dead. */
const SILENCE_MAX_MS = 10_000;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

export type FeedState = 'connecting' | 'live' | 'late';

/** One live change: its name and the ids that it is about. */
export interface LiveEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface FeedDeps {
  /** Opens the stream with token and proof: `EventSource` can send neither. */
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: LiveEvent) => void;
  /**
   * Called at each connection: what happened before is unknown, and the server keeps no events for
   * who comes again. `isFirst` is false after a break.
   */
  readonly onOpen: (isFirst: boolean) => void;
}

export interface EventFeed {
  readonly state: Store<FeedState>;
  stop(): void;
}

/** Server-sent events over fetch, opened again whenever they break off. */
export function startEventFeed(deps: FeedDeps): EventFeed {
  const state = createStore<FeedState>('connecting');
  const stopped = new AbortController();
  void keepOpen(deps, state, stopped.signal);
  return { state, stop: () => stopped.abort() };
}

async function keepOpen(deps: FeedDeps, state: Store<FeedState>, stopped: AbortSignal) {
  let failures = 0;
  let isFirst = true;
  while (!stopped.aborted) {
    const line = new AbortController();
    const cut = () => line.abort();
    stopped.addEventListener('abort', cut, { once: true });
    try {
      const response = await deps.open(line.signal);
      state.set('live');
      failures = 0;
      deps.onOpen(isFirst);
      isFirst = false;
      await readEvents(response, deps.onEvent, line);
    } catch {
      failures += 1;
    } finally {
      stopped.removeEventListener('abort', cut);
      line.abort();
    }
    if (stopped.aborted) return;
    state.set('late');
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!, stopped);
  }
}

/** Reads events until the stream ends or falls silent. */
export async function readEvents(
  response: Response,
  onEvent: (event: LiveEvent) => void,
  line: AbortController,
): Promise<void> {
  if (!response.body) throw new NoAnswer('no stream');
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const parsed = parseData(data);
      if (event && parsed) onEvent({ name: event, data: parsed });
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const silence = setTimeout(() => line.abort(), SILENCE_MAX_MS);
    const chunk = await reader.read().finally(() => clearTimeout(silence));
    if (chunk.done) return;
    parser.feed(chunk.value);
  }
}

function parseData(text: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? { ...data } : undefined;
  } catch {
    return undefined;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    signal.addEventListener('abort', go);
  });
}
