import type { ServerResponse } from 'node:http';
import { problems, type ProblemCode } from '@proofline/protocol';

/** Answers with a problem body, and takes no more on this connection. */
export function refuseRequest(outgoing: ServerResponse, code: ProblemCode): void {
  const { status, text: title } = problems[code];
  outgoing.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  outgoing.end(JSON.stringify({ type: `/docs/errors/${code}`, title, status, code }));
}
