import type { X509Certificate } from 'node:crypto';
import type { Caller } from '@proofline/protocol';

/** The facts of a request that identify its caller. */
export interface RequestFacts {
  readonly method: string;
  /** The URL as the caller addressed it: the configured origin and the path (RFC 9449 §4.3). */
  readonly url: string;
  /** The same with its query, letter by letter: what a signature covers (RFC 9421 §2.2.2). */
  readonly target: string;
  /** Any header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** The certificate of the connection, where one is looked at (RFC 8705). */
  readonly certificate?: X509Certificate | undefined;
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  readonly cookie: (name: string) => string | undefined;
  /** The page asks by itself, and nobody is at it: no use of a session. Can be said, and not be denied. */
  readonly unattended?: boolean;
}

/** Proves who calls, or throws a `token.*` or `session.*` problem. `sessions` implements it. */
export interface CallerAuthenticator {
  staff(facts: RequestFacts): Promise<Extract<Caller, { kind: 'staff' }>>;
  customer(facts: RequestFacts): Promise<Extract<Caller, { kind: 'customer' }>>;
  service(facts: RequestFacts): Promise<Extract<Caller, { kind: 'service' }>>;
}
