/** What a problem code stands for. */
export interface ProblemFacts {
  readonly status: number;
  /** What anybody may be told. One sentence; the page in `docs/errors/` says more. */
  readonly text: string;
  /** The `type` that a standard gives to it; else it is the address of our own page. */
  readonly type?: string;
}
