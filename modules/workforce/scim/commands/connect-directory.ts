import { bytesToBase64url, newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, provisioningOverlapHours, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { TOKEN_PREFIX } from '../domain/provisioning-token.ts';
import type { ScimContext } from '../scim-context.ts';
import type { ConnectionRow } from '../store/connection-rows.ts';

const STANDING_MAX = 10;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Who asks, and the decision that permitted it. */
export interface ByColleague {
  readonly by: Id<'stf'>;
  readonly decisionEvidenceId: Id<'evt'>;
}

/** A connection and its new token, which stands here and nowhere else. */
export interface Issued {
  readonly connection: ConnectionRow;
  readonly provisioningToken: string;
  readonly expiresAt: Date;
}

/** Connects a directory. @throws ProblemError `provisioning.too-many` */
export async function connectDirectory(
  context: ScimContext,
  asked: ByColleague & { readonly name: string; readonly days: number },
): Promise<Issued> {
  const { by, days, decisionEvidenceId, name } = asked;
  const issued = await context.storage.transaction(async (tx) => {
    const all = await context.scim.connections.list(tx);
    if (all.filter(({ endedAt }) => endedAt === undefined).length >= STANDING_MAX)
      throw new ProblemError('provisioning.too-many');
    const connectionId = newId('svc', context);
    const evidenceId = await record(context, tx, {
      kind: 'provisioning.connected',
      causes: [decisionEvidenceId],
      connectionId,
      by,
      facts: { name, days },
    });
    const connection: ConnectionRow = {
      connectionId,
      name,
      connectedBy: by,
      connectedAt: new Date(context.clock.now()),
      endedAt: undefined,
      lastUsedAt: undefined,
      evidenceId,
    };
    await context.scim.connections.insert(tx, connection);
    return { evidenceId, ...(await issueToken(context, tx, { connection, by, days })) };
  });
  await context.ledger.durable(issued.evidenceId);
  return issued;
}

/** Another token; those before end within a day. @throws ProblemError `provisioning.unknown` */
export async function renewToken(
  context: ScimContext,
  asked: ByColleague & { readonly connectionId: Id<'svc'>; readonly days: number },
): Promise<Issued> {
  const { by, connectionId, days, decisionEvidenceId } = asked;
  const issued = await context.storage.transaction(async (tx) => {
    const connection = await context.scim.connections.find(tx, connectionId);
    if (!connection || connection.endedAt !== undefined)
      throw new ProblemError('provisioning.unknown');
    const overlapEnds = new Date(context.clock.now() + (provisioningOverlapHours * DAY_MS) / 24);
    await context.scim.connections.endTokensBy(tx, connectionId, overlapEnds);
    const evidenceId = await record(context, tx, {
      kind: 'provisioning.token-issued',
      causes: [decisionEvidenceId, connection.evidenceId],
      connectionId,
      by,
      facts: { days },
    });
    return { evidenceId, ...(await issueToken(context, tx, { connection, by, days })) };
  });
  await context.ledger.durable(issued.evidenceId);
  return issued;
}

/** Ends a connection and its tokens: at the next request. @throws ProblemError `provisioning.unknown` */
export async function disconnectDirectory(
  context: ScimContext,
  asked: ByColleague & { readonly connectionId: Id<'svc'> },
): Promise<ConnectionRow> {
  const { by, connectionId, decisionEvidenceId } = asked;
  const at = new Date(context.clock.now());
  const ended = await context.storage.transaction(async (tx) => {
    const connection = await context.scim.connections.find(tx, connectionId);
    if (!connection || !(await context.scim.connections.end(tx, connectionId, at)))
      throw new ProblemError('provisioning.unknown');
    await context.scim.connections.endTokensBy(tx, connectionId, at);
    const evidenceId = await record(context, tx, {
      kind: 'provisioning.disconnected',
      causes: [decisionEvidenceId, connection.evidenceId],
      connectionId,
      by,
      facts: {},
    });
    return { evidenceId, connection: { ...connection, endedAt: at } };
  });
  await context.ledger.durable(ended.evidenceId);
  return ended.connection;
}

interface Recorded {
  readonly kind: EvidenceKind;
  readonly causes: readonly Id<'evt'>[];
  readonly connectionId: Id<'svc'>;
  readonly by: Id<'stf'>;
  readonly facts: Readonly<Record<string, string | number>>;
}

function record(context: ScimContext, tx: Db, recorded: Recorded): Promise<Id<'evt'>> {
  const { by, causes, connectionId, facts, kind } = recorded;
  const subjects = { actor: by, connection: connectionId };
  return context.ledger.record(tx, { kind, causes, subjects, facts });
}

async function issueToken(
  context: ScimContext,
  tx: Db,
  made: { readonly connection: ConnectionRow; readonly by: Id<'stf'>; readonly days: number },
): Promise<Issued> {
  const { by, connection, days } = made;
  const provisioningToken = `${TOKEN_PREFIX}${bytesToBase64url(context.random.bytes(32))}`;
  const nowMs = context.clock.now();
  const expiresAt = new Date(nowMs + days * DAY_MS);
  await context.scim.connections.insertToken(tx, {
    tokenId: newId('ptk', context),
    connectionId: connection.connectionId,
    digest: sha256Base64url(provisioningToken),
    issuedBy: by,
    issuedAt: new Date(nowMs),
    expiresAt,
    lastUsedAt: undefined,
  });
  return { connection, provisioningToken, expiresAt };
}
