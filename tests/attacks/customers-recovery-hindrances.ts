import type { CustomerRecovery } from '@proofline/protocol';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Answer } from '../../demo/actors/device.ts';
import type { Company } from '../../demo/start-company.ts';
import type { CustomerAtHome } from './callers.ts';
import { strangersBrowser, vouchAsContact } from './customers-recovery.ts';

interface Hindered {
  readonly company: Company;
  readonly own: (one: CustomerAtHome) => Promise<CustomerRecovery>;
  readonly cancel: (one: CustomerAtHome) => Promise<Answer>;
  readonly newestCancelSecret: () => Promise<string>;
  /** Of Cara and of the owner. */
  readonly code: string;
  readonly cara: CustomerAtHome;
  readonly owner: CustomerAtHome;
  /** The owner’s only contact. */
  readonly late: CustomerAtHome;
  readonly victim: CustomerAtHome;
}

/** Keeping an owner out by signing, by beginning at once, and by beginning very often. */
export function hinderOtherwise(given: () => Hindered): void {
  test('a contact’s word alone shuts out no owner who has nothing left but link and code', async () => {
    const { cancel, code, company, late, newestCancelSecret, own, owner } = given();
    const counts = async () => Date.parse((await own(owner)).contacts[0]?.countsFrom ?? '');
    await expect.poll(async () => (await counts()) <= Date.now(), { timeout: 10_000 }).toBe(true);
    const betray = async () => {
      const { matchingCode } = await strangersBrowser(company).start(owner.accountNumber);
      expect((await vouchAsContact(company, late, matchingCode)).status).toBe(204);
    };
    for (let time = 0; time < 6; time += 1) {
      await betray();
      const secret = await newestCancelSecret();
      const page = strangersBrowser(company);
      expect((await page.ask('/cancel-by-link', { secret })).status).toBe(204);
      expect((await own(owner)).open).toBeUndefined();
    }
    await betray();
    const page = strangersBrowser(company);
    // With the code at hand at once, before anybody has looked up whom it is for.
    expect((await page.ask('/start', { accountNumber: owner.accountNumber })).status).toBe(202);
    expect((await page.ask('/code', { code })).status).toBe(200);
    expect((await own(owner)).open).toMatchObject({ codeAccepted: true, contactsSigned: 0 });
    await cancel(owner);
  });

  test('of two that begin at once one is open; one with a proof is taken away by nobody', async () => {
    const { cancel, cara, code, company, own } = given();
    const { db } = company.server.composition.storage;
    const pages = [strangersBrowser(company), strangersBrowser(company)];
    await Promise.all(pages.map((page) => page.start(cara.accountNumber)));
    const open = async () => {
      const { rows } = await sql<{ n: number | string }>`
        select count(*) as n from recovery_recoveries
        where state in ('collecting', 'waiting') and subject_id in
          (select customer_id from customers where account_number = ${cara.accountNumber})`.execute(
        db,
      );
      return Number(rows[0]?.n);
    };
    expect(await open()).toBe(1);
    const mine = strangersBrowser(company);
    await mine.start(cara.accountNumber);
    expect((await mine.ask('/code', { code })).status).toBe(200);
    await strangersBrowser(company).start(cara.accountNumber);
    expect((await own(cara)).open).toMatchObject({ codeAccepted: true });
    await cancel(cara);
    expect(await open()).toBe(0);
  });

  test('a thousand that somebody else began hide none; later tests wait beside them', async () => {
    const { cancel, company, late, own, owner, victim } = given();
    await beginThousand(company, victim);
    await strangersBrowser(company).start(owner.accountNumber);
    expect((await own(owner)).open).toBeDefined();
    expect((await own(late)).askedBy).toHaveLength(1);
    await cancel(owner);
  });
}

/** A thousand open recoveries of as many customers, all of them older than any other. */
async function beginThousand(company: Company, victim: CustomerAtHome): Promise<void> {
  const { db } = company.server.composition.storage;
  await strangersBrowser(company).start(victim.accountNumber);
  const { rows } = await sql<{ course: string; recovery_id: string }>`
    select course, recovery_id from recovery_recoveries
    where state = 'collecting' and subject_id is not null and realm = 'customers'`.execute(db);
  const like = rows[0]!;
  const planted = Array.from({ length: 1_001 }, (_, index) => {
    const id = String(index).padStart(26, '0');
    const of = { recoveryId: `rcv_${id}`, subjectId: `cus_${id}`, browser: `browser-${id}` };
    return { ...of, course: JSON.stringify({ ...(JSON.parse(like.course) as object), ...of }) };
  });
  await sql`
    insert into recovery_recoveries (tenant, realm, recovery_id, subject_id, state, browser_digest,
      matching_code, course, evidence_id, asked_at)
    select like_.tenant, like_.realm, one ->> 'recoveryId', one ->> 'subjectId', 'collecting',
      one ->> 'browser', one ->> 'browser', one ->> 'course', like_.evidence_id, now()
    from recovery_recoveries like_, jsonb_array_elements(${JSON.stringify(planted)}::text::jsonb) one
    where like_.recovery_id = ${like.recovery_id}`.execute(db);
}
