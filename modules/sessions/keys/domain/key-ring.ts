import type { JWK } from 'jose';

/** How long the longest-lived token of ours can be presented after the key has changed, with some to spare. */
export const RETIRING_MS = 10 * 60_000;
/** How long a key is published before it signs: whoever keeps our keys has read them again by then. */
export const PUBLISHED_FIRST_MS = 60_000;

/** A key as it is written down. */
export interface KeyRow {
  readonly sequence: number;
  readonly kid: string;
  readonly publicJwk: JWK;
  /** `undefined`: its private half stands in the settings, or nowhere here. */
  readonly privateJwk: JWK | undefined;
  readonly publishedAtMs: number;
  readonly signsFromMs: number;
  /** Until when the keys before it are good. */
  readonly olderUntilMs: number;
  readonly because: 'settings' | 'schedule' | 'asked' | 'compromised';
}

/** How a key stands. */
export type KeyState = 'next' | 'current' | 'retiring' | 'retired';

/** A key and how it stands. */
export interface StandingKey extends KeyRow {
  readonly state: KeyState;
  /** Until when it is good; `undefined`: until there is a newer one. */
  readonly untilMs: number | undefined;
}

/** Every key at one moment, newest first, and when that will be otherwise. */
export interface KeysAt {
  readonly keys: readonly StandingKey[];
  /** The one that signs. */
  readonly current: StandingKey;
  readonly changesAtMs: number;
}

/**
 * How keys stand at a moment. It follows from their rows and the time alone, so that two processes
 * that read the same rows agree without talking to each other.
 *
 * @throws RangeError when none can sign
 */
export function keysAt(rows: readonly KeyRow[], nowMs: number): KeysAt {
  const newestFirst = rows.toSorted((a, b) => b.sequence - a.sequence);
  const current = newestFirst.find((row) => row.signsFromMs <= nowMs && row.privateJwk);
  if (!current) throw new RangeError('sessions has no key that can sign');
  const keys = newestFirst.map((row): StandingKey => {
    // Whichever newer key ends it first: a compromise ends every key before it.
    const ends = rows.filter(({ sequence }) => sequence > row.sequence);
    const untilMs =
      ends.length === 0 ? undefined : Math.min(...ends.map((one) => one.olderUntilMs));
    return { ...row, untilMs, state: stateOf(row, { current, untilMs, nowMs }) };
  });
  const moments = keys.flatMap((key) => [key.signsFromMs, key.untilMs ?? 0]);
  const changesAtMs = Math.min(...moments.filter((moment) => moment > nowMs));
  const standing = keys.find(({ sequence }) => sequence === current.sequence)!;
  return { keys, current: standing, changesAtMs };
}

function stateOf(
  row: KeyRow,
  at: { readonly current: KeyRow; readonly untilMs: number | undefined; readonly nowMs: number },
): KeyState {
  if (row.sequence === at.current.sequence) return 'current';
  if (at.untilMs !== undefined && at.untilMs <= at.nowMs) return 'retired';
  return row.signsFromMs > at.nowMs ? 'next' : 'retiring';
}

/** Those that are published and taken: the one that signs first, since whoever signs takes the first. */
export function goodKeys({ current, keys }: KeysAt): readonly StandingKey[] {
  const others = keys.filter(({ state }) => state === 'next' || state === 'retiring');
  return [current, ...others];
}
