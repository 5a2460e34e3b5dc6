import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables, type ScimConnectionsTable, type ScimTokensTable } from '../../store/tables.ts';

/** A directory’s connection: a principal of its own. */
export interface ConnectionRow {
  readonly connectionId: Id<'svc'>;
  readonly name: string;
  readonly connectedBy: Id<'stf'>;
  readonly connectedAt: Date;
  readonly endedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
  /** The entry of its making. */
  readonly evidenceId: Id<'evt'>;
}

/** A token of a connection; only its digest is known. */
export interface TokenRow {
  readonly tokenId: Id<'ptk'>;
  readonly connectionId: Id<'svc'>;
  readonly digest: string;
  readonly issuedBy: Id<'stf'>;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | undefined;
}

const LIST_MAX = 100;

/** SQL of the tables `scim_connections` and `scim_tokens`. */
export function connectionRows(tenant: string) {
  const connections = (db: Db) =>
    tables(db).selectFrom('scim_connections').selectAll().where('tenant', '=', tenant);
  const tokens = (db: Db) =>
    tables(db).selectFrom('scim_tokens').selectAll().where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: ConnectionRow): Promise<void> {
      const values = {
        tenant,
        connection_id: row.connectionId,
        name: row.name,
        connected_by: row.connectedBy,
        connected_at: row.connectedAt,
        ended_at: null,
        last_used_at: null,
        evidence_id: row.evidenceId,
      };
      await tables(db).insertInto('scim_connections').values(values).execute();
    },

    async find(db: Db, connectionId: string): Promise<ConnectionRow | undefined> {
      const row = await connections(db)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      return row && readConnection(row);
    },

    /** Standing ones first, newest first. */
    async list(db: Db): Promise<ConnectionRow[]> {
      const rows = await connections(db).orderBy('connected_at', 'desc').limit(LIST_MAX).execute();
      return rows.map(readConnection).toSorted((a, b) => Number(!!a.endedAt) - Number(!!b.endedAt));
    },

    /** True exactly once. */
    async end(db: Db, connectionId: Id<'svc'>, at: Date): Promise<boolean> {
      const result = await tables(db)
        .updateTable('scim_connections')
        .set({ ended_at: at })
        .where('tenant', '=', tenant)
        .where('connection_id', '=', connectionId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async insertToken(db: Db, row: TokenRow): Promise<void> {
      const values = {
        tenant,
        token_id: row.tokenId,
        connection_id: row.connectionId,
        digest: row.digest,
        issued_by: row.issuedBy,
        issued_at: row.issuedAt,
        expires_at: row.expiresAt,
        last_used_at: null,
      };
      await tables(db).insertInto('scim_tokens').values(values).execute();
    },

    async findToken(db: Db, digest: string): Promise<TokenRow | undefined> {
      const row = await tokens(db).where('digest', '=', digest).executeTakeFirst();
      return row && readToken(row);
    },

    async tokensOf(db: Db, connectionId: Id<'svc'>): Promise<TokenRow[]> {
      const query = tokens(db).where('connection_id', '=', connectionId);
      return (await query.orderBy('issued_at', 'desc').limit(LIST_MAX).execute()).map(readToken);
    },

    /** No token of a connection is good for longer than that any more. */
    async endTokensBy(db: Db, connectionId: Id<'svc'>, at: Date): Promise<void> {
      await tables(db)
        .updateTable('scim_tokens')
        .set({ expires_at: at })
        .where('tenant', '=', tenant)
        .where('connection_id', '=', connectionId)
        .where('expires_at', '>', at)
        .execute();
    },

    async recordUse(db: Db, token: TokenRow, at: Date): Promise<void> {
      await tables(db)
        .updateTable('scim_tokens')
        .set({ last_used_at: at })
        .where('tenant', '=', tenant)
        .where('token_id', '=', token.tokenId)
        .execute();
      await tables(db)
        .updateTable('scim_connections')
        .set({ last_used_at: at })
        .where('tenant', '=', tenant)
        .where('connection_id', '=', token.connectionId)
        .execute();
    },
  };
}

function readConnection(row: ScimConnectionsTable): ConnectionRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    connectionId: row.connection_id as Id<'svc'>,
    connectedBy: row.connected_by as Id<'stf'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    name: row.name,
    connectedAt: row.connected_at,
    endedAt: row.ended_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

function readToken(row: ScimTokensTable): TokenRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    tokenId: row.token_id as Id<'ptk'>,
    connectionId: row.connection_id as Id<'svc'>,
    issuedBy: row.issued_by as Id<'stf'>,
    digest: row.digest,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
