import { pino } from 'pino';
import { describeError, ProblemError } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTicker } from './ticker.ts';

describe('the ticker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const logged: string[] = [];
  const logger = pino({}, { write: (line) => void logged.push(line) });

  it('never runs a chore twice at once, and goes on after it', async () => {
    let finish = () => {};
    let runs = 0;
    const run = () => {
      runs += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    };
    const ticker = startTicker([{ name: 'slow', everyMs: 10, run }], logger);
    await vi.advanceTimersByTimeAsync(55);
    expect(runs).toBe(1);
    finish();
    await vi.advanceTimersByTimeAsync(10);
    expect(runs).toBe(2);
    finish();
    await ticker.stop();
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('(email)=(ana@example.com)'))],
    [
      'throws',
      () => {
        throw new Error('(email)=(ana@example.com)');
      },
    ],
  ])('outlives a chore that %s, and logs nothing of its message', async (_, run) => {
    logged.length = 0;
    let runs = 0;
    const chore = () => {
      runs += 1;
      return run();
    };
    const ticker = startTicker([{ name: 'broken', everyMs: 10, run: chore }], logger);
    await vi.advanceTimersByTimeAsync(25);
    expect(runs).toBe(2);
    await ticker.stop();
    expect(logged.join('')).toContain('broken');
    expect(logged.join('')).not.toContain('ana@');
  });

  it('stops only after what is under way', async () => {
    let finish = () => {};
    const run = () => new Promise<void>((resolve) => (finish = resolve));
    const ticker = startTicker([{ name: 'slow', everyMs: 10, run }], logger);
    await vi.advanceTimersByTimeAsync(10);
    let isStopped = false;
    const stopping = ticker.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(50);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('describeError', () => {
  it('keeps class and place of a foreign error, and never its message, even over lines', () => {
    const error = new RangeError('Key (email)=(ana@example.com)\nrow: ana\n    at 12 Elm Street');
    const text = JSON.stringify(describeError(error));
    expect(text).toContain('RangeError');
    expect(text).toContain('ticker.test.ts');
    expect(text).not.toMatch(/ana|Elm|row/);
  });

  it('keeps the code and the inner text of ours, and the type of what is no error', () => {
    const ours = new ProblemError('access.denied', { internal: 'why', detail: 'for the caller' });
    expect(describeError(ours)).toEqual({ problem: 'access.denied', internal: 'why' });
    expect(describeError('ana@example.com')).toEqual({ thrown: 'string' });
    expect(describeError(undefined)).toEqual({ thrown: 'undefined' });
  });
});
