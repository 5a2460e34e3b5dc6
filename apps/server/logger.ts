import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

/** The process's log: codes, ids and durations. No path, header, body, name or token gets here. */
export function createLogger(
  config: Pick<Config, 'PROOFLINE_LOG_LEVEL' | 'PROOFLINE_ENVIRONMENT'>,
): Logger {
  return pino({
    level: config.PROOFLINE_LOG_LEVEL,
    base: { environment: config.PROOFLINE_ENVIRONMENT },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
