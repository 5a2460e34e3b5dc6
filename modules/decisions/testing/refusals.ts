import { ProblemError, type PolicyFault } from '@proofline/protocol';

/** The code of a refusal, or `done`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof ProblemError ? error.code : String(error);
  }
}

/** The faults that a refusal names. */
export async function faultsOf(work: Promise<unknown>): Promise<readonly PolicyFault[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ProblemError ? (error.details.faults ?? []) : [];
}
