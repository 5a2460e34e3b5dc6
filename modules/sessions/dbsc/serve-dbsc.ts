import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseRequest } from '../oidc/refuse-request.ts';
import { boundCookieLine } from './bound-cookie.ts';
import { makeChallenge } from './challenge.ts';
import type { DbscContext } from './context.ts';
import { findInitiators } from './find-initiators.ts';
import { instructionsOf } from './instructions.ts';
import { challengeSeconds, refreshPath, registrationPath } from './names.ts';
import type { Outcome } from './outcome.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';

/** DBSC §8.4: a structured string; parameters are ignored. */
const sessionIdHeader = /^"?(ses_[0-9a-z]{1,40})"?(?:;[^,]*)?$/;

/** Whether a request is for the endpoints of the binding. */
export function isForDbsc(incoming: IncomingMessage): boolean {
  return incoming.url === registrationPath || incoming.url === refreshPath;
}

/** The two endpoints that browsers call by themselves (DBSC §5). */
export async function serveDbsc(
  dbsc: DbscContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (incoming.method !== 'POST') return refuseRequest(outgoing, 'route.unknown');
  // A page of another origin learns nothing here, not even by the time that it takes (§5).
  outgoing.setHeader('cross-origin-resource-policy', 'same-origin');
  outgoing.setHeader('cache-control', 'no-store');
  const given = textOf(incoming.headers['secure-session-response']);
  const url = `${dbsc.sessions.staffOrigin}${incoming.url}`;
  const outcome =
    incoming.url === registrationPath
      ? await register(dbsc, { given: given ?? '', url })
      : await refresh(dbsc, {
          given,
          url,
          sessionId: sessionIdOf(incoming),
          cookie: incoming.headers.cookie,
        });
  await answer(dbsc, outgoing, outcome);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

function sessionIdOf({ headers }: IncomingMessage): string {
  return sessionIdHeader.exec(textOf(headers['sec-secure-session-id']) ?? '')?.[1] ?? '';
}

async function answer(
  dbsc: DbscContext,
  outgoing: ServerResponse,
  outcome: Outcome,
): Promise<void> {
  if (outcome.kind === 'refused') return refuseRequest(outgoing, 'session.proof-refused');
  if (outcome.kind === 'ended') return refuseRequest(outgoing, 'session.ended');
  const { sessionId } = outcome;
  const { clock, cookieKeys: keys, random, staffOrigin, storage, tenant } = dbsc.sessions;
  const nowMs = clock.now();
  const challenge = makeChallenge(
    { keys, random },
    { purpose: 'refresh', sessionId, expiresAtMs: nowMs + challengeSeconds * 1000 },
  );
  // With a good answer comes the challenge of the next one, which then takes one request and not two.
  outgoing.setHeader('secure-session-challenge', `"${challenge}";id="${sessionId}"`);
  // DBSC §8.2: 403 says that the browser is to sign this one at once.
  if (outcome.kind === 'challenged') return void outgoing.writeHead(403).end();
  const seconds = dbsc.boundCookieSeconds;
  outgoing.setHeader('set-cookie', boundCookieLine(keys, { sessionId, nowMs, seconds }));
  const initiators = await findInitiators(storage.db, tenant);
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(instructionsOf(sessionId, { staffOrigin, initiators })));
}
