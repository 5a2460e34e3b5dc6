import type { IncomingMessage } from 'node:http';
import { customerCookieName } from '@proofline/sessions';
import { ProblemError, type Caller } from '@proofline/protocol';
import type { CallerAuthenticator, RequestFacts } from './authenticator.ts';
import type { CallerLimit } from './caller-limit.ts';
import type { AddressOf } from './client-address.ts';
import type { Attempt } from './failed-calls.ts';
import type { Intake } from './intake.ts';

/** What is needed to find out who calls. */
export interface Proving {
  readonly authenticate: CallerAuthenticator;
  readonly rateLimit: Pick<CallerLimit, 'failures'>;
  readonly addressOf: AddressOf;
  readonly intake: Pick<Intake, 'inTurn'>;
}

/**
 * Who calls, as the route asks for it. A credential costs a look into the database, and anybody can
 * invent one: too many of them are not looked at, and the others wait for their turn.
 *
 * @throws ProblemError `token.*`, `session.ended`, `request.too-many` or `server.busy`
 */
export async function proveCaller(
  kind: 'staff' | 'customer' | 'service',
  { facts, incoming }: { readonly facts: RequestFacts; readonly incoming: IncomingMessage },
  { authenticate, rateLimit, addressOf, intake }: Proving,
): Promise<Caller> {
  // A service's token is checked without the database until it is a genuine one.
  const isBearer = /^bearer /i.test(facts.authorization ?? '');
  const signedBy = kind === 'service' ? signingKeyOf(facts) : undefined;
  if (kind === 'service' && !isBearer && signedBy === undefined) return authenticate.service(facts);
  const credential =
    kind === 'customer' ? facts.cookie(customerCookieName) : (facts.authorization ?? signedBy);
  // Refused without a look, too.
  if (credential === undefined || credential === '') return authenticate[kind](facts);
  const { failures } = rateLimit;
  const counted = kind === 'service' ? 'provisioner' : kind;
  const attempt: Attempt = { kind: counted, address: addressOf(incoming), credential };
  const prove = async () => {
    failures.check(attempt);
    try {
      const caller = await authenticate[kind](facts);
      failures.proved(attempt);
      return caller;
    } catch (error) {
      if (isNone(error)) failures.failed(attempt);
      throw error;
    }
  };
  failures.check(attempt);
  // Anybody may become a customer; who is let in as staff was seated by three people.
  return kind !== 'customer' && failures.isKnown(attempt)
    ? prove()
    : intake.inTurn(kind === 'service' ? 'staff' : kind, incoming, prove);
}

/** Whose key a request without a token says that it is signed with: which one that is, is looked up. */
function signingKeyOf({ authorization, header }: RequestFacts): string | undefined {
  if (authorization !== undefined) return undefined;
  return /;keyid="([^"]{1,100})"/.exec(header('signature-input') ?? '')?.[1];
}

function isNone(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    (error.code.startsWith('token.') || error.code === 'session.ended')
  );
}
