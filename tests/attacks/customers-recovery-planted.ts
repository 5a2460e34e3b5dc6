import type { CustomerRecovery } from '@proofline/protocol';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Company } from '../../demo/start-company.ts';
import type { CustomerAtHome } from './callers.ts';
import { codeOf, doAct, strangersBrowser } from './customers-recovery.ts';

type People = Readonly<Record<'late' | 'other', CustomerAtHome>>;

/** What whoever writes the tables puts into what a customer laid by. */
export function buildOnPlanted(
  company: () => Company,
  people: () => People,
  own: (one: CustomerAtHome) => Promise<CustomerRecovery>,
): void {
  const db = () => company().server.composition.storage.db;
  const idOf = ({ accountNumber }: CustomerAtHome) =>
    sql`(select customer_id from customers where account_number = ${accountNumber})`;
  const seal = (one: CustomerAtHome, code: string) =>
    doAct(company(), one, { act: { kind: 'seal-code' }, code });

  test('a contact in an edited row does not become one by its owner’s next change', async () => {
    const { late, other } = people();
    expect((await seal(late, '0aaaa-1bbbb-2cccc-3dddd-4eeee')).status).toBe(200);
    await sql`update recovery_preparations set contacts_needed = 1, contacts_since = '[1]',
      contacts = (select json_build_array(${idOf(other)})::text)
      where subject_id = ${idOf(late)}`.execute(db());
    expect((await own(late)).contacts).toHaveLength(1);
    expect((await seal(late, '4eeee-3dddd-2cccc-1bbbb-0aaaa')).status).toBe(200);
    expect((await own(late)).contacts).toEqual([]);
  });

  test('a code in an edited row opens nothing, though the recovery began before', async () => {
    const { late, other } = people();
    const page = strangersBrowser(company());
    await page.start(late.accountNumber);
    // The thief's own code, which somebody else has sealed, under the time of the genuine one.
    expect((await seal(other, '5ffff-6gggg-7hhhh-8jjjj-9kkkk')).status).toBe(200);
    await sql`update recovery_preparations set (code_salt, code_hash) =
      (select code_salt, code_hash from recovery_preparations where subject_id = ${idOf(other)})
      where subject_id = ${idOf(late)}`.execute(db());
    const given = await page.ask('/code', { code: '5ffff-6gggg-7hhhh-8jjjj-9kkkk' });
    expect(codeOf(given)).toBe('recovery.code-refused');
    expect((await seal(late, '4eeee-3dddd-2cccc-1bbbb-0aaaa')).status).toBe(200);
  });
}
