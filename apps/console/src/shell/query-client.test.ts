import { focusManager, onlineManager, QueryObserver } from '@tanstack/react-query';
import { describe, expect, test } from 'vitest';
import { NoAnswer, problemOf, Refusal } from '../api/refusal.ts';
import { createQueryClient } from './query-client.ts';
import { byHand, READ_BY_HAND } from './read-by-hand.ts';
import { refreshAll } from './refresh-soon.ts';

const key = ['gateway.customer', 'cse_1'];

/** A screen that shows a record, and what the server answers next. */
function world() {
  const queries = createQueryClient();
  let answer = async (): Promise<string> => 'Yara Torres';
  const observer = new QueryObserver(queries, {
    queryKey: key,
    queryFn: () => answer(),
    retry: false,
  });
  const close = observer.subscribe(() => undefined);
  const kept = () =>
    JSON.stringify(
      queries
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    );
  return {
    queries,
    observer,
    close,
    kept,
    answers: (next: () => Promise<string>) => (answer = next),
  };
}

test('a change is not kept to be sent later (it would be sent by itself)', () => {
  expect(createQueryClient().getDefaultOptions().mutations?.networkMode).toBe('always');
});

describe('what was read', () => {
  test('is forgotten with the refusal of the next read (P6)', async () => {
    const { queries, observer, kept, answers, close } = world();
    await observer.refetch();
    queries.setQueryData(['gateway.customer', 'another filter'], 'Yara Torres');
    answers(async () => Promise.reject(new Refusal(problemOf('access.denied'))));
    await observer.refetch();
    expect(observer.getCurrentResult()).toMatchObject({ data: undefined, isError: true });
    expect(kept()).not.toContain('Yara');
    close();
  });

  test.each([new NoAnswer('silence'), new Refusal(problemOf('request.too-many'))])(
    'stays where the server only failed to answer: %s',
    async (failure) => {
      const { observer, answers, close } = world();
      await observer.refetch();
      answers(async () => Promise.reject(failure));
      await observer.refetch();
      expect(observer.getCurrentResult().data).toBe('Yara Torres');
      close();
    },
  );

  test('is asked for again by itself after silence, and not after a refusal', async () => {
    const { queries, answers, close, observer } = world();
    const interval = () => {
      const { refetchInterval } = queries.getDefaultOptions().queries ?? {};
      const query = queries.getQueryCache().find({ queryKey: key });
      return typeof refetchInterval === 'function' && query && refetchInterval(query);
    };
    await observer.refetch();
    answers(async () => Promise.reject(new NoAnswer('silence')));
    await observer.refetch();
    expect(interval()).toBeGreaterThan(0);
    answers(async () => Promise.reject(new Refusal(problemOf('access.denied'))));
    await observer.refetch();
    expect(interval()).toBe(false);
    close();
  });

  test('before a stop is not waited for after it, even where nothing is shown yet', async () => {
    const { queries, observer, answers, close } = world();
    await queries.cancelQueries();
    let late: (record: string) => void = () => undefined;
    answers(() => new Promise<string>((resolve) => (late = resolve)));
    void queries.resetQueries();
    await Promise.resolve();
    answers(async () => Promise.reject(new Refusal(problemOf('access.denied'))));
    const refreshed = refreshAll(queries);
    late('Yara Torres');
    await refreshed;
    expect(observer.getCurrentResult()).toMatchObject({ data: undefined, isError: true });
    close();
  });
});

describe('a record under break-glass', () => {
  test('is read when somebody presses for it, and never by itself', async () => {
    const queries = createQueryClient();
    let readings = 0;
    const observer = new QueryObserver(queries, {
      queryKey: [READ_BY_HAND, 'bgl_1'],
      queryFn: async () => `reading ${(readings += 1)}`,
      ...byHand,
    });
    const close = observer.subscribe(() => undefined);
    await observer.refetch();
    const before = readings;
    // A step-up for something else that was refused (409), the window, the network, age.
    await queries.invalidateQueries();
    focusManager.setFocused(false);
    focusManager.setFocused(true);
    onlineManager.setOnline(false);
    onlineManager.setOnline(true);
    observer.setOptions({ ...observer.options });
    expect(observer.getCurrentResult().data).toBe(`reading ${before}`);
    // An unlock, a stop: hidden until somebody reads it again (P6).
    await refreshAll(queries);
    expect(observer.getCurrentResult()).toMatchObject({ data: undefined, fetchStatus: 'idle' });
    expect(readings).toBe(before);
    await observer.refetch();
    expect(observer.getCurrentResult().data).toBe(`reading ${before + 1}`);
    close();
    focusManager.setFocused(undefined);
  });

  test('that was refused is not asked for again by itself either', async () => {
    const queries = createQueryClient();
    let readings = 0;
    const observer = new QueryObserver(queries, {
      queryKey: [READ_BY_HAND, 'bgl_1'],
      queryFn: () => {
        readings += 1;
        return Promise.reject(new NoAnswer('silence'));
      },
      ...byHand,
    });
    const close = observer.subscribe(() => undefined);
    await observer.refetch();
    const before = readings;
    await queries.invalidateQueries();
    await refreshAll(queries);
    expect(readings).toBe(before);
    expect(observer.options.refetchInterval).toBe(false);
    close();
  });
});
