import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock, Random } from '@proofline/kernel';
import { openStorage, type Migration, type Storage } from '@proofline/storage';
import { loadTemplate, startMemoryEngine, type MemoryEngine } from '@proofline/storage/testing';

/** Where tests keep what is slow to make. */
export const cacheDirectory = join(import.meta.dirname, '../../node_modules/.cache/proofline');

/** The PostgreSQL server that this run tests on; `undefined`: the embedded engine. */
const testDatabaseUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;

interface Ports {
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * An empty database with the given schema, for one test: PGlite in memory, or a schema of its own
 * on the server that `PROOFLINE_TEST_DATABASE_URL` names. Close it in `afterEach` or `afterAll`.
 */
export async function openTestStorage(
  migrations: readonly Migration[],
  ports: Ports = {},
): Promise<Storage> {
  const storage = testDatabaseUrl
    ? await openOnServer(testDatabaseUrl, ports)
    : await openInMemory(ports);
  await storage.migrate(migrations);
  return storage;
}

const idleEngines: MemoryEngine[] = [];
let template: Blob | undefined;

/** Engines are used again within a test file: a start costs 0.4 s, emptying one 5 ms. */
async function openInMemory(ports: Ports): Promise<Storage> {
  template ??= new Blob([await loadTemplate(cacheDirectory)]);
  const engine = idleEngines.pop() ?? (await startMemoryEngine(template));
  const storage = engine.open(ports);
  let isClosed = false;
  return {
    ...storage,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await storage.close();
      idleEngines.push(engine);
    },
  };
}

async function openOnServer(serverUrl: string, ports: Ports): Promise<Storage> {
  const { url, drop } = await freshDatabase(serverUrl);
  const storage = await openStorage({ url, connectionsMax: 8, ...ports });
  let isClosed = false;
  return {
    ...storage,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await storage.close();
      await drop();
    },
  };
}

/** A schema of its own on a server, as a URL whose connections see only that schema. */
export async function freshDatabase(
  serverUrl: string,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnce(serverUrl, `create schema ${schema}`);
  const url = new URL(serverUrl);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => runOnce(serverUrl, `drop schema ${schema} cascade`) };
}

/** A database of its own on a server: for tools that take a whole one. */
export async function freshWholeDatabase(
  serverUrl: string,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnce(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnce(serverUrl, `drop database ${name} with (force)`) };
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
