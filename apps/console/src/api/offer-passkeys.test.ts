import { expect, it } from 'vitest';
import { offerPasskeys } from './offer-passkeys.ts';

const LIFE_MS = 300_000;
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const leave = () => reject(new Error('aborted'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

/** A browser, a server and a clock that do what the test says, and a diary of them. */
function createStand() {
  const diary: string[] = [];
  const picked: string[] = [];
  const hands: ((answer: string) => void)[] = [];
  const clocks: (() => void)[] = [];
  let begun = 0;
  const offer = offerPasskeys<number, string>({
    begin: async () => {
      begun += 1;
      const mine = begun;
      diary.push(`begin ${mine}`);
      await Promise.resolve();
      return mine;
    },
    lifeMs: () => LIFE_MS,
    pick: (challenge, signal) => {
      diary.push(`ask ${challenge}`);
      const hand = new Promise<string>((resolve) => hands.push(resolve));
      return Promise.race([hand, aborted(signal)]).finally(() => diary.push(`over ${challenge}`));
    },
    pause: (ms, signal) => {
      diary.push(`wait ${ms}`);
      const clock = new Promise<void>((resolve) => clocks.push(resolve));
      return Promise.race([clock, aborted(signal).catch(() => undefined)]);
    },
    onPicked: (answer) => picked.push(answer),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { diary, picked, offer, hands, clocks, settle };
}

it('an offer is renewed before its challenge ends, and asks once at a time', async () => {
  const { diary, picked, offer, hands, clocks, settle } = createStand();
  await settle();
  clocks[0]?.();
  await settle();
  const wait = `wait ${LIFE_MS - 60_000}`;
  expect(diary).toEqual(['begin 1', 'ask 1', wait, 'over 1', 'begin 2', 'ask 2', wait]);
  hands[0]?.('to the old challenge');
  hands[1]?.('to the new one');
  await settle();
  expect(picked).toEqual(['to the new one']);
  await offer.end();
  expect(diary.at(-1)).toBe('over 2');
});

it('an offer that was taken back hands nothing over, whatever is picked after', async () => {
  const { diary, picked, offer, hands, settle } = createStand();
  await settle();
  const ended = offer.end();
  hands[0]?.('too late');
  await ended;
  expect(diary.at(-1)).toBe('over 1');
  expect(picked).toEqual([]);
});

it('an offer taken back before the server has answered never asks the device', async () => {
  const { picked, offer, hands, settle } = createStand();
  await offer.end();
  hands[0]?.('nobody was asked');
  await settle();
  expect(picked).toEqual([]);
});
