import { insertOf, insertRows, type Db, type InsertTarget } from '@proofline/storage';

interface NewsTable {
  tenant: string;
  news_id: string;
  /** Which process told it. */
  node: string;
  /** JSON of a notice. */
  notice: string;
  at: Date;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = { screen_news: NewsTable };

const tables = (db: Db) => db.withTables<Tables>();

const target: InsertTarget<NewsTable> = {
  table: 'screen_news',
  columns: {
    tenant: 'text',
    news_id: 'text',
    node: 'text',
    notice: 'text',
    at: 'timestamptz',
  },
};

/** Writes what one process tells. */
export async function writeNews(db: Db, rows: readonly NewsTable[]): Promise<void> {
  await insertRows(db, insertOf(target, rows));
}

/** What other processes have told since then, oldest first; of very much the newest. */
export async function readNews(
  db: Db,
  {
    tenant,
    node,
    since,
    count,
  }: Pick<NewsTable, 'tenant' | 'node'> & { since: Date; count: number },
): Promise<Pick<NewsTable, 'news_id' | 'notice'>[]> {
  const newest = await tables(db)
    .selectFrom('screen_news')
    .select(['news_id', 'notice'])
    .where('tenant', '=', tenant)
    .where('node', '<>', node)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .limit(count)
    .execute();
  return newest.toReversed();
}

/** Takes away what every process has read. */
export async function forgetNews(
  db: Db,
  { tenant, before }: { readonly tenant: string; readonly before: Date },
): Promise<void> {
  await tables(db)
    .deleteFrom('screen_news')
    .where('tenant', '=', tenant)
    .where('at', '<', before)
    .execute();
}
