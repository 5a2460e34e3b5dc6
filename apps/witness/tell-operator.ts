import type { Clock } from '@proofline/kernel';
import type { Logger } from 'pino';
import type { WitnessAlarm } from './add-checkpoint.ts';

/** Anybody can bring a log’s checkpoint with a wrong proof: one line of it for each log is enough. */
const UNPROVED_EVERY_MS = 600_000;

/** Writes alarms to the witness’s own log. */
export function tellOperator(
  logger: Pick<Logger, 'warn' | 'error'>,
  clock: Clock,
): (alarm: WitnessAlarm) => void {
  const toldAt = new Map<string, number>();
  return ({ what, ...about }) => {
    if (what !== 'unproved') {
      logger.error(about, texts[what]);
      return;
    }
    const now = clock.now();
    if (now - (toldAt.get(about.origin) ?? -Infinity) < UNPROVED_EVERY_MS) return;
    toldAt.set(about.origin, now);
    logger.warn(about, texts.unproved);
  };
}

const texts = {
  fork: 'a log signed a checkpoint that does not follow from what this witness has signed: keep both',
  unproved:
    'a checkpoint came without a proof that it follows from what this witness has signed: by itself, that accuses nobody',
  'state-set-back':
    'the state of this witness is older than what it has signed: it was set back. It has taken its word back',
} as const;
