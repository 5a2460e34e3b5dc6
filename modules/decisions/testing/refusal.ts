import { ProblemError } from '@proofline/protocol';

/** What an act was refused with; fails when it was not. */
export const refusal = async (promise: Promise<unknown>): Promise<ProblemError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error('expected a refusal', { cause: error });
  return error;
};
