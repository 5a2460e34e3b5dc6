import { Problem, problems, type ProblemCode, type Remedy } from '@proofline/protocol';

/** A refusal by the server, as it came (RFC 9457). */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** The person closed the dialog that asked for their passkey. Nothing was sent. */
export class NotConfirmed extends Error {
  constructor() {
    super('not confirmed');
    this.name = 'NotConfirmed';
  }
}

/**
 * What silence means for what was asked. `not-sent`: the browser is offline. `not-known`: it was sent,
 * and may yet be carried out. `not-read`: nothing was to be carried out. `unclear`: an answer came that
 * the contract does not promise.
 */
export type Silence = 'not-sent' | 'not-known' | 'not-read' | 'unclear';

/** The server did not answer, or not in the form that the contract promises. */
export class NoAnswer extends Error {
  readonly silence: Silence;
  constructor(why: string, silence: Silence = 'unclear') {
    super(why);
    this.name = 'NoAnswer';
    this.silence = silence;
  }
}

/** Whether the same may be answered in a moment: nobody said no. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  return isRefusal(error) && (error.problem.status === 502 || error.problem.status === 503);
}

/** A problem with this code and its public text, for what is refused before it reaches a server. */
export function problemOf(code: ProblemCode, detail?: string): Problem {
  const { status, text } = problems[code];
  return { type: 'about:blank', title: text, status, code, ...(detail ? { detail } : {}) };
}

/** Reads the body of a refused response; whatever is not a problem becomes {@link NoAnswer}. */
export async function readRefusal(response: Response): Promise<Refusal | NoAnswer> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = Problem.safeParse(body);
  return parsed.success
    ? new Refusal(parsed.data)
    : new NoAnswer(`status ${response.status} without a problem body`);
}

/** Whether this refusal has the given code. */
export function isRefusal(error: unknown, ...codes: readonly ProblemCode[]): error is Refusal {
  return error instanceof Refusal && (codes.length === 0 || codes.includes(error.problem.code));
}

/** What would turn this refusal; empty when nothing would. */
export function remediesOf(error: unknown): readonly Remedy[] {
  return isRefusal(error) ? (error.problem.remedies ?? []) : [];
}
