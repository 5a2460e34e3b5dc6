import type { LedgerDeps } from '@proofline/ledger';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { askGuarded } from './ask-guarded.ts';

/** Who signs the checkpoints besides the log, how they are asked, and who hears when they contradict it. */
export function witnessPorts(config: Config, logger: Logger): Pick<LedgerDeps, 'witnesses'> {
  const policy = config.PROOFLINE_WITNESS_POLICY;
  if (!policy) return {};
  return {
    witnesses: {
      policy,
      ask: askGuarded(config.PROOFLINE_INTERNAL_WITNESS_ORIGINS),
      onAlarm: (alarm) => logger.error(alarm, 'a witness contradicts the evidence log'),
    },
  };
}
