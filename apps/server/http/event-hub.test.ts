import { limits, type Id } from '@proofline/kernel';
import type { Role, ServerEvent } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventHub, type EventHub, type Listener } from './event-hub.ts';
import type { Notice, Standing } from './may-hear.ts';

const id = <P extends 'stf' | 'ses'>(prefix: P, name: string) => `${prefix}_${name}` as Id<P>; // short, for reading

function listen(
  hub: EventHub,
  name: string,
  given: { roles?: Role[]; session?: string; standing?: Listener['standing'] } = {},
) {
  const going = new AbortController();
  const stands = { desk: 'Harbour', roles: given.roles ?? (['billing-agent'] as const) };
  const stream = hub.listen({
    ...stands,
    subjectId: id('stf', name),
    sessionId: id('ses', given.session ?? name),
    signal: going.signal,
    standing: given.standing ?? (async () => stands),
  });
  return { stream, leave: () => going.abort() };
}

/** The next event that is no heartbeat; `undefined` at the stream's end. */
async function next(stream: AsyncIterator<ServerEvent>): Promise<ServerEvent | undefined> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return undefined;
    if (value.event !== 'heartbeat') return value;
  }
}

const places = limits.eventStreamsPerSubjectMax;

describe('the event hub', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says at once that the line stands, then every second', async () => {
    const { stream } = listen(createEventHub(), 'ana');
    expect((await stream.next()).value).toEqual({ event: 'heartbeat', data: {} });
    let beats = 0;
    const second = stream.next().then(() => (beats += 1));
    await vi.advanceTimersByTimeAsync(999);
    expect(beats).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(beats).toBe(1);
  });

  it('tells those who may hear of it, and nobody else', async () => {
    const hub = createEventHub();
    const heard: string[] = [];
    const tell = async (name: string, roles: Role[]) => {
      const { stream } = listen(hub, name, { roles });
      const event = await next(stream);
      if (event) heard.push(`${name} ${event.event}`);
    };
    const all = [
      tell('ana', ['billing-agent']),
      tell('bayo', ['billing-agent']),
      tell('tom', ['team-lead']),
      tell('ulla', ['auditor']),
    ];
    hub.publish(about('ana', 1));
    await vi.advanceTimersByTimeAsync(10);
    hub.close();
    await Promise.all(all);
    expect(heard.sort()).toEqual(['ana', 'tom'].map((name) => `${name} interaction.changed`));
  });

  it('keeps events in order, data and all', async () => {
    const hub = createEventHub();
    const { stream } = listen(hub, 'ana');
    for (const n of [1, 2, 3]) hub.publish(about('ana', n));
    for (const n of [1, 2, 3])
      expect(await next(stream)).toEqual({ event: 'interaction.changed', data: { n } });
  });

  it('ends a listener that falls behind, instead of leaving events out in silence', async () => {
    const hub = createEventHub();
    const { stream } = listen(hub, 'ana');
    for (let n = 0; n < 300; n += 1) hub.publish(about('ana', n));
    expect(await stream.next()).toMatchObject({ done: true });
    // Its place is free.
    for (let n = 0; n < places; n += 1) listen(hub, 'ana');
  });

  it('tells the session’s streams that it has ended, at once, and drops what was queued', async () => {
    const hub = createEventHub();
    const [mine, other] = [listen(hub, 'ana'), listen(hub, 'ana', { session: 'second' })];
    await mine.stream.next();
    const waiting = mine.stream.next();
    hub.endSession('ses_ana');
    // No timer was moved: no heartbeat was waited for.
    expect((await waiting).value).toEqual({ event: 'session.ended', data: {} });
    expect(await mine.stream.next()).toMatchObject({ done: true });
    hub.publish(about('ana', 1));
    expect(await next(other.stream)).toMatchObject({ data: { n: 1 } });
  });

  it('gives a reader who is late nothing of the time after the end', async () => {
    const hub = createEventHub();
    const { stream } = listen(hub, 'ana');
    hub.publish(about('ana', 1));
    hub.endSession('ses_ana');
    hub.publish(about('ana', 2));
    expect(await next(stream)).toEqual({ event: 'session.ended', data: {} });
    expect(await next(stream)).toBeUndefined();
  });

  it('notices within a heartbeat a session that ended elsewhere', async () => {
    const stands = { desk: 'Harbour', roles: ['billing-agent'] as const };
    let isLive = true;
    const standing = async () => (isLive ? stands : undefined);
    const { stream } = listen(createEventHub(), 'ana', { standing });
    await stream.next();
    isLive = false;
    const waiting = stream.next();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await waiting).value).toEqual({ event: 'session.ended', data: {} });
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it.each<[string, Standing]>([
    ['desk', { desk: 'Hill', roles: ['team-lead'] }],
    ['role', { desk: 'Harbour', roles: ['auditor'] }],
    ['last role', { desk: 'Harbour', roles: [] }],
  ])(
    'ends within a heartbeat when the %s is another, without what was queued',
    async (_, after) => {
      const hub = createEventHub();
      let now: Standing = { desk: 'Harbour', roles: ['team-lead'] };
      const { stream } = listen(hub, 'tom', { roles: ['team-lead'], standing: async () => now });
      await stream.next();
      const waiting = stream.next();
      now = after;
      await vi.advanceTimersByTimeAsync(999);
      hub.publish(about('ana', 1));
      expect(await waiting).toMatchObject({ done: true });
      // Its place is free, and the colleague may listen again as who they are now.
      expect((await listen(hub, 'tom').stream.next()).done).toBe(false);
    },
  );

  it('ends when the session cannot be looked up (P7)', async () => {
    const hub = createEventHub();
    const standing = () => Promise.reject(new Error('no database'));
    const { stream } = listen(hub, 'ana', { standing });
    await expect(stream.next()).rejects.toThrow('no database');
    expect(await stream.next()).toMatchObject({ done: true });
    for (let n = 0; n < places; n += 1) listen(hub, 'ana');
  });

  it('opens so many streams per subject, whichever the session, and no more', () => {
    const hub = createEventHub();
    for (let n = 0; n < places; n += 1) listen(hub, 'ana', { session: String(n) });
    expect(() => listen(hub, 'ana')).toThrow('request.too-many');
    listen(hub, 'bayo');
  });

  it.each([
    ['goes away', (one: ReturnType<typeof listen>) => one.leave()],
    ['stops reading', (one: ReturnType<typeof listen>) => void one.stream.return?.()],
  ])('frees the place at once when a listener %s, and leaves no timer', async (_, go) => {
    const hub = createEventHub();
    const all = Array.from({ length: places }, () => listen(hub, 'ana'));
    const waiting = all.map(async ({ stream }) => {
      await stream.next();
      return stream.next();
    });
    await vi.advanceTimersByTimeAsync(1);
    for (const one of all) go(one);
    for (let n = 0; n < places; n += 1) listen(hub, 'ana');
    for (const end of await Promise.all(waiting)) expect(end.done).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('falls silent while the session is locked, and tells of nothing that happened meanwhile', async () => {
    const hub = createEventHub();
    const stands = { desk: 'Harbour', roles: ['billing-agent'] as const };
    let now: typeof stands | 'locked' | undefined = stands;
    const { stream } = listen(hub, 'ana', { standing: async () => now });
    await stream.next();
    now = 'locked';
    hub.publish(about('ana', 1));
    hub.lookAgain(id('ses', 'ana'));
    expect(await next(stream)).toEqual({ event: 'session.locked', data: {} });
    hub.publish(about('ana', 2));
    expect((await stream.next()).value).toEqual({ event: 'heartbeat', data: {} });
    now = stands;
    hub.publish(about('ana', 3));
    expect(await next(stream)).toEqual({ event: 'interaction.changed', data: { n: 3 } });
    expect(await next(stream)).toEqual({ event: 'session.unlocked', data: {} });
    now = undefined;
    hub.lookAgain(id('ses', 'ana'));
    const ending = next(stream);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await ending).toEqual({ event: 'session.ended', data: {} });
  });

  it('takes no listener who is gone already', async () => {
    const hub = createEventHub();
    const stream = hub.listen({ ...someone(), signal: AbortSignal.abort() });
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it('ends every stream when the server closes', async () => {
    const hub = createEventHub();
    const [ana, bayo] = [listen(hub, 'ana'), listen(hub, 'bayo')];
    hub.close();
    expect(await ana.stream.next()).toMatchObject({ done: true });
    expect(await bayo.stream.next()).toMatchObject({ done: true });
  });
});

function someone() {
  return {
    subjectId: id('stf', 'ana'),
    sessionId: id('ses', 'ana'),
    roles: [] as const,
    desk: 'Harbour',
    standing: async () => undefined,
  };
}

/** Something about a call of an agent’s, at the desk where everybody here works. */
function about(name: string, n: number): Notice {
  return { type: 'interaction.changed', desk: 'Harbour', ownerId: id('stf', name), data: { n } };
}
