import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { sql } from 'kysely';
import pg from 'pg';
import { freshDatabase, openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { openStorage } from '../index.ts';
import type { Db, Migration, Storage } from '../types.ts';

const migrations: readonly Migration[] = [
  {
    id: 'wall-1',
    why: 'Calls of desks, a log, and proposals that are opened and closed.',
    sql: `create table calls (
        tenant text, id text, desk text not null, agent text not null, primary key (tenant, id));
      create table log (tenant text, n int4, line text not null, primary key (tenant, n));
      create table proposals (tenant text, id text, author text, state text, primary key (tenant, id))`,
    wall: {
      kept: { log: 'append-only' },
      changing: { proposals: ['state'] },
      desks: { calls: 'desk = :desk OR agent = :reader' },
    },
  },
];
const wall = { tenant: 'acme', migrations };
const REFUSED = { code: '42501' };

/** Two tenants and two desks, written before the wall stands. */
async function fill({ db }: Pick<Storage, 'db'>): Promise<void> {
  await sql`insert into calls values ('acme', 'a', 'Harbour', 'ana'), ('acme', 'b', 'Hill', 'ben'),
    ('acme', 'c', 'Hill', 'ana'), ('other', 'a', 'Harbour', 'ana')`.execute(db);
  await sql`insert into log values ('acme', 1, 'one'), ('other', 1, 'one')`.execute(db);
}

const idsOf = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`select id from calls order by id`.execute(db);
  return rows.map(({ id }) => id);
};

describe('behind the wall, raw SQL without any condition', () => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await openTestStorage(migrations);
    await fill(storage);
    await storage.raiseWall(wall);
  });
  afterAll(() => storage.close());

  it('sees one tenant, and writes into no other', async () => {
    expect(await idsOf(storage.db)).toEqual(['a', 'b', 'c']);
    const moved = await sql`update calls set desk = 'x' where tenant = 'other'`.execute(storage.db);
    expect(moved.numAffectedRows).toBe(0n);
    const foreign = sql`insert into calls values ('other', 'z', 'Hill', 'eve')`;
    await expect(foreign.execute(storage.db)).rejects.toMatchObject(REFUSED);
    const carried = sql`update calls set tenant = 'other' where id = 'a'`;
    await expect(carried.execute(storage.db)).rejects.toMatchObject(REFUSED);
  });

  it('is no wider on the connection that everybody shares', async () => {
    expect(await idsOf(storage.byKey)).toEqual(['a', 'b', 'c']);
    const foreign = sql`insert into calls values ('other', 'z', 'Hill', 'eve')`;
    await expect(foreign.execute(storage.byKey)).rejects.toMatchObject(REFUSED);
    const logged = sql`update log set line = 'two'`;
    await expect(logged.execute(storage.byKey)).rejects.toMatchObject(REFUSED);
  });

  it('sees nothing at all once it has no tenant', async () => {
    const seen = await storage.transaction(async (tx) => {
      await sql`select set_config('proofline.tenant', '', true)`.execute(tx);
      return idsOf(tx);
    });
    expect(seen).toEqual([]);
  });

  it.each([
    `update log set line = 'two'`,
    `update log set line = 'two' where false`,
    'delete from log',
    'truncate log',
    'truncate calls',
    'drop table log',
    'alter table log disable row level security',
    'alter table log add column more text',
    'drop policy wall_tenant on log',
    `create policy more on log using (true)`,
    'create trigger more before insert on log execute function suppress_redundant_updates_trigger()',
    `insert into log values ('acme', 1, 'two') on conflict (tenant, n) do update set line = 'two'`,
    'alter role proofline_working bypassrls',
  ])('cannot change what was recorded: %s', async (statement) => {
    await expect(sql.raw(statement).execute(storage.db)).rejects.toMatchObject(REFUSED);
    const { rows } = await sql`select n, line from log`.execute(storage.db);
    expect(rows).toEqual([{ n: 1, line: 'one' }]);
  });

  it('changes of some rows what changes with time, and nothing else of them', async () => {
    await sql`insert into proposals values ('acme', 'p', 'ana', 'open')`.execute(storage.db);
    await sql`update proposals set state = 'closed' where id = 'p'`.execute(storage.db);
    for (const statement of [
      `update proposals set author = 'eve'`,
      `update proposals set state = 'open', author = 'eve'`,
      'delete from proposals',
      `insert into proposals values ('acme', 'p', 'eve', '')
         on conflict (tenant, id) do update set author = 'eve'`,
    ]) {
      await expect(sql.raw(statement).execute(storage.db)).rejects.toMatchObject(REFUSED);
    }
    const { rows } = await sql`select author, state from proposals`.execute(storage.db);
    expect(rows).toEqual([{ author: 'ana', state: 'closed' }]);
  });

  it('adds to what is kept', async () => {
    await sql`insert into log values ('acme', 2, 'two')`.execute(storage.db);
    const again = sql`insert into log values ('acme', 2, 'x') on conflict do nothing`;
    expect((await again.execute(storage.db)).numAffectedRows).toBe(0n);
  });

  it('confined, sees the reader’s desk and their own, writes nothing, and is free again after', async () => {
    const ana = { subjectId: 'ana', desk: 'Harbour' };
    expect(await storage.confined(ana, idsOf)).toEqual(['a', 'c']);
    const ben = { subjectId: 'ben', desk: 'Hill' };
    expect(await storage.confined(ben, idsOf)).toEqual(['b', 'c']);
    expect(await storage.confined({ subjectId: 'eve', desk: 'harbour' }, idsOf)).toEqual([]);
    const writing = storage.confined(ana, (tx) => sql`delete from calls`.execute(tx));
    await expect(writing).rejects.toMatchObject({ code: '25006' });
    await expect(storage.confined({ subjectId: 'ana', desk: '' }, idsOf)).rejects.toThrow(/desk/);
    const failing = storage.confined(ana, () => Promise.reject(new Error('lost')));
    await expect(failing).rejects.toThrow('lost');
    expect(await idsOf(storage.db)).toEqual(['a', 'b', 'c']);
  });

  it('is held on every connection of the pool', async () => {
    const seen = await Promise.all(Array.from({ length: 20 }, () => idsOf(storage.db)));
    expect(new Set(seen.map((ids) => ids.join()))).toEqual(new Set(['a,b,c']));
  });
});

describe('raising the wall', () => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openTestStorage(migrations);
    await fill(storage);
  });
  afterEach(() => storage.close());

  const more = { id: 'wall-2', why: 'Calls are kept, too.', sql: 'select 1' };

  it.each([
    ['create policy more on calls using (true)', /calls has a further policy that opens rows/],
    ['grant delete on log to public', /the working role may DELETE on log/],
    ['grant update (line) on log to public', /the working role may change line of log/],
  ])('stops the start where “%s” was done before', async (statement, fault) => {
    await sql.raw(statement).execute(storage.db);
    await expect(storage.raiseWall(wall)).rejects.toThrow(fault);
  });

  it('replaces what bears our name and is not ours, and follows changed rules', async () => {
    await sql`create policy wall_tenant on calls using (true)`.execute(storage.db);
    await storage.raiseWall(wall);
    expect(await idsOf(storage.db)).toEqual(['a', 'b', 'c']);
    await sql`reset role`.execute(storage.db);
    const changed = { ...more, wall: { kept: { calls: 'append-only' as const } } };
    await storage.raiseWall({ ...wall, migrations: [...migrations, changed] });
    await expect(sql`delete from calls`.execute(storage.db)).rejects.toMatchObject(REFUSED);
  });
});

const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;

describe.runIf(serverUrl)('on a server, with logins of their own', () => {
  const url = serverUrl ?? '';
  const owner = 'wall_test_owner';
  const working = 'wall_test_working';
  let admin: pg.Client;
  let database: Awaited<ReturnType<typeof freshDatabase>>;

  const as = (login: string): string => {
    const own = new URL(database.url);
    own.username = login;
    own.password = 'wall';
    return own.href;
  };

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    database = await freshDatabase(url);
    const schema = /search_path=(\w+)/.exec(decodeURIComponent(database.url))?.[1] ?? '';
    for (const login of [owner, working]) {
      await admin.query(`create role ${login} login password 'wall'`);
    }
    await admin.query(`alter schema ${schema} owner to ${owner}`);
  });
  afterAll(async () => {
    await database.drop();
    for (const login of [owner, working]) await admin.query(`drop role ${login}`);
    await admin.end();
  });

  test('one login that may not create roles is told what to ask for', async () => {
    const storage = await openStorage({ url: as(owner), connectionsMax: 2 });
    await storage.migrate(migrations);
    await expect(storage.raiseWall(wall)).rejects.toThrow(/CREATE ROLE proofline_working NOLOGIN/);
    await storage.close();
  });

  test('two logins: nothing leads back to the owner', async () => {
    const storage = await openStorage({ url: as(working), ownerUrl: as(owner), connectionsMax: 2 });
    await storage.migrate(migrations);
    expect(await storage.raiseWall(wall)).toEqual({ role: working, ownLogin: true });
    await sql`insert into log values ('acme', 1, 'one')`.execute(storage.db);
    for (const way of [`set role ${owner}`, `set session authorization ${owner}`]) {
      await expect(sql.raw(way).execute(storage.db)).rejects.toMatchObject(REFUSED);
    }
    await sql`reset role`.execute(storage.db);
    await expect(sql`delete from log`.execute(storage.db)).rejects.toMatchObject(REFUSED);
    await storage.close();
  });

  test('a working login alone is told that the owner’s is missing', async () => {
    const storage = await openStorage({ url: as(working) });
    await expect(storage.migrate(migrations)).rejects.toThrow(/PROOFLINE_DATABASE_OWNER_URL/);
    await storage.close();
  });

  test('a working login that owns the tables, or is no ordinary one, stops the start', async () => {
    const owning = await openStorage({ url: as(owner), ownerUrl: as(owner) });
    await expect(owning.raiseWall(wall)).rejects.toThrow(/belongs to the working role/);
    await owning.close();
    await admin.query(`alter role ${working} bypassrls`);
    const bypassing = await openStorage({ url: as(working), ownerUrl: as(owner) });
    await expect(bypassing.raiseWall(wall)).rejects.toThrow(/BYPASSRLS/);
    await bypassing.close();
    await admin.query(`alter role ${working} nobypassrls`);
  });
});
