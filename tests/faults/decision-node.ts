/**
 * A second server process, as far as decisions go: it follows releases and switches every second, and
 * asks one question again and again. A line of JSON for each answer.
 *
 *   node tests/faults/decision-node.ts DATABASE_URL
 */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@proofline/kernel';
import { pino } from 'pino';
import { startTicker } from '../../apps/server/ticker.ts';
import { decideOn } from './decide-on.ts';

const { decisions, ask } = await decideOn(process.argv[2] ?? '');
startTicker(
  [
    { name: 'follow policy releases', everyMs: 1_000, run: decisions.follow },
    { name: 'follow switches', everyMs: 1_000, run: decisions.followSwitches },
  ],
  pino({ level: 'silent' }),
);
for (;;) {
  const askedAtMs = systemClock.now();
  const { effect, release } = await ask();
  process.stdout.write(`${JSON.stringify({ askedAtMs, effect, ...release })}\n`);
  await delay(50);
}
