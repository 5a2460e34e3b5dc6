import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpBindings } from '@hono/node-server';
import type { LogFile, LogFiles } from '@proofline/ledger';
import { logPrefix, ProblemError } from '@proofline/protocol';
import type { Context } from 'hono';
import type { Edge } from './mount-route.ts';

const BEARER = /^Bearer ([A-Za-z0-9._-]{1,1000})$/i;

const pack = promisify(gzip);

/**
 * The log’s checkpoint and tiles below {@link logPrefix} (C2SP tlog-tiles), for clients that know no
 * API of ours. Counted and in turn as everything that nobody has signed in for; whoever shows a good
 * pass is counted by it.
 */
export function serveLog(
  { find }: LogFiles,
  edge: Pick<Edge, 'rateLimit' | 'addressOf' | 'intake'>,
) {
  return async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    const { incoming } = c.env;
    const counted = edge.rateLimit.check({
      address: edge.addressOf(incoming),
      routeId: 'evidence.log-files',
    });
    const path = c.req.path.slice(logPrefix.length + 1);
    const pass = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const file = await edge.intake.inTurn('log', incoming, () => find(path, pass));
    if (!file) throw new ProblemError('route.unknown');
    if (file.exportId !== undefined) counted.provedBy(file.exportId);
    const packed =
      file.exportId !== undefined && acceptsGzip(c) ? await pack(file.bytes) : undefined;
    return c.body(new Uint8Array(packed ?? file.bytes), 200, {
      'content-type': file.type,
      'cache-control': cachingOf(file),
      ...(packed && { 'content-encoding': 'gzip' }),
    });
  };
}

function acceptsGzip(c: Context): boolean {
  return /(?:^|,)\s*gzip\s*(?:,|$)/i.test(c.req.header('accept-encoding') ?? '');
}

/** A hash never changes; the checkpoint does; an entry may be erased, and was read by one person. */
function cachingOf({ lasts, exportId }: LogFile): string {
  if (lasts) return 'public, max-age=31536000, immutable';
  return exportId === undefined ? 'no-cache' : 'private, no-store';
}
