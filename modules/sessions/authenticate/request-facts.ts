import type { X509Certificate } from 'node:crypto';

/** The facts of a request that identify its caller, as the HTTP edge hands them over. */
export interface RequestFacts {
  readonly method: string;
  /** The URL as the caller addressed it: the configured origin and the path (RFC 9449 §4.3). */
  readonly url: string;
  /** The same with its query, letter by letter: what a signature covers. Absent: it has none. */
  readonly target?: string;
  /** Any header, by its name in lower case. Absent: no signature is looked for. */
  readonly header?: (name: string) => string | undefined;
  /** The certificate whose key has signed in the handshake of this connection. */
  readonly certificate?: X509Certificate | undefined;
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  readonly cookie: (name: string) => string | undefined;
  /** The page asks by itself, and nobody is at it: no use of a session. Can be said, and not be denied. */
  readonly unattended?: boolean;
}
