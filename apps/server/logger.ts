import { ProblemError } from '@proofline/protocol';
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

/**
 * An error for the log. Of errors that are not ours only the class and the place in our code are
 * kept: a database driver's message can quote the row that it refused.
 */
export function describeError(error: unknown): Record<string, string> {
  if (error instanceof ProblemError)
    return { problem: error.code, internal: error.details.internal ?? '' };
  if (!(error instanceof Error)) return { thrown: typeof error };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '));
  return {
    error: error.name,
    at: frames
      .slice(0, 3)
      .map((line) => line.trim())
      .join(' < '),
  };
}
