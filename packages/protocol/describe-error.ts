import { ProblemError } from './problems.ts';

const framesMax = 3;

/**
 * An error for a log. Of errors that are not ours only the class and the place in the code are kept:
 * a database driver's message can quote the row that it refused.
 */
export function describeError(error: unknown): Record<string, string> {
  if (error instanceof ProblemError)
    return { problem: error.code, internal: error.details.internal ?? '' };
  if (!(error instanceof Error)) return { thrown: typeof error };
  const { name, message, stack = '' } = error;
  // The stack begins with the message, of which a line may look like a frame.
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n');
  const places = frames.map((line) => line.trim()).filter((line) => line.startsWith('at '));
  return { error: name, at: places.slice(0, framesMax).join(' < ') };
}
