import type { Caller } from '@proofline/protocol';

/** The facts of a request that identify its caller. */
export interface RequestFacts {
  readonly method: string;
  /** The URL as the caller addressed it: the configured origin and the path (RFC 9449 §4.3). */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  readonly cookie: (name: string) => string | undefined;
}

/** Proves who calls, or throws a `token.*` or `session.*` problem. `sessions` implements it. */
export interface CallerAuthenticator {
  staff(facts: RequestFacts): Promise<Extract<Caller, { kind: 'staff' }>>;
  customer(facts: RequestFacts): Promise<Extract<Caller, { kind: 'customer' }>>;
  service(facts: RequestFacts): Promise<Extract<Caller, { kind: 'service' }>>;
}
