import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { founder, ringAt } from './stage/staff-steps.ts';

const AGENT = 'Ana Ruiz';
const COLLEAGUE = 'Bayo Adeyemi';
const ELSEWHERE = 'Elena Fabbri';

let stage: Stage;
let lead: Person;

/** The row of somebody's call in the list of the desk. */
const callOf = (name: string) => lead.page.getByRole('row', { name: new RegExp(name) });

beforeAll(async () => {
  stage = await openStage();
  // A call rings only for an account that is active.
  for (const name of [AGENT, COLLEAGUE, ELSEWHERE]) await (await founder(stage, name)).leave();
  lead = await founder(stage, stage.company.founders.lead);
  await lead.page.getByRole('link', { name: 'Live calls' }).click();
  await ringAt(stage, AGENT);
  await ringAt(stage, ELSEWHERE);
  await expectShown(callOf(AGENT));
});
afterAll(async () => stage?.close());

describe('a desk’s calls on the lead’s screen', () => {
  it('come by themselves, and only those of the desk', async () => {
    expect(await callOf(ELSEWHERE).count()).toBe(0);
  });

  it('say that they may be late while the line is down, and lose nothing when it is back', async () => {
    lead.complaints.expect(/^net::ERR_CONNECTION_REFUSED /);
    await lead.page.route('**/api/**', (request) => request.abort('connectionrefused'));
    const refused = lead.page.waitForEvent('requestfailed', (request) =>
      /REFUSED/.test(request.failure()?.errorText ?? ''),
    );
    stage.company.server.composition.hub.close();
    await expectShown(lead.page.getByText('Reconnecting · may be late'));
    await refused;
    await ringAt(stage, COLLEAGUE);
    expect(await callOf(COLLEAGUE).count()).toBe(0);
    await lead.page.unroute('**/api/**');
    await expectShown(callOf(COLLEAGUE));
    await expectShown(lead.page.getByText('Up to date'));
  });

  it('are gone without a reload when the lead moves to another desk (P6)', async () => {
    await move(stage.company.founders.lead, 'Head office');
    await expectShown(callOf(ELSEWHERE));
    expect(await callOf(AGENT).count()).toBe(0);
    await expectShown(lead.page.getByRole('heading', { name: 'Calls of Head office' }));
    // Why everything has changed under their hands, until they have read it.
    const notice = lead.page.getByText('You work at Head office now, as team lead.');
    await expectShown(notice);
    await lead.page.getByRole('link', { name: 'New colleagues' }).click();
    await expectShown(notice);
    await lead.page.getByRole('button', { name: 'I have read this' }).click();
    expect(await notice.count()).toBe(0);
  });
});

describe('somebody who has left, as their directory says', () => {
  it('reads on their screen within five seconds that their session was ended', async () => {
    const leaver = await founder(stage, 'Clara Weiss');
    leaver.complaints.tolerate(/^401 /);
    const directory = await stage.company.service('provisioning');
    const known = await stage.company.server.composition.workforce.listColleagues();
    const { desk, subjectId } = known.find(({ displayName }) => displayName === 'Clara Weiss')!;
    const { rows } = await sql<{ number: string }>`
      select employee_number as number from workforce_staff where subject_id = ${subjectId}`.execute(
      stage.company.server.composition.storage.db,
    );
    const made = await directory.call('POST', '/scim/v2/Users', {
      userName: 'clara.weiss@example.com',
      displayName: 'Clara Weiss',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        employeeNumber: rows[0]?.number,
        department: desk,
      },
    });
    expect(made.status).toBe(201);
    const Operations = [{ op: 'Replace', path: 'active', value: 'False' }];
    // P6 has two seconds; a directory’s word comes from elsewhere and is given five.
    const told = leaver.page.getByText('Your session was ended.').waitFor({ timeout: 5_000 });
    const left = await directory.call('PATCH', `/scim/v2/Users/${subjectId}`, { Operations });
    expect(left.status).toBe(200);
    await told;
  });
});

describe('the demo’s own pages', () => {
  it('say that the demo does not answer, lose no button, and go on by themselves', async () => {
    const { openTab, complaints } = lead;
    complaints.tolerate(/^net::ERR_(FAILED|CONNECTION_REFUSED) /);
    const origin = stage.company.origins.demo;
    const [softphone, phones] = [await openTab(), await openTab()];
    await softphone.goto(`${origin}/softphone`);
    await phones.goto(`${origin}/phone`);
    const ring = softphone.getByRole('button', { name: `Ring ${AGENT}` });
    await expectShown(ring);
    await expectShown(phones.getByText('MH-10001').first());
    for (const page of [softphone, phones]) {
      await page.route(/\/(state|ring|messages)$/, (request) => request.abort());
      await expectShown(page.getByText('The demo does not answer. What stands here may be old'));
    }
    await ring.click();
    await expectShown(softphone.getByText('It is not known whether it rings'));
    expect(await ring.isEnabled()).toBe(true);
    for (const page of [softphone, phones]) {
      await page.unrouteAll();
      await page.getByText('The demo does not answer. What').waitFor({ state: 'hidden' });
    }
    expect(await softphone.getByRole('status').innerText()).toBe('');
    await ring.click();
    await expectShown(softphone.getByText(`It rings at ${AGENT}.`));
  });
});

describe('all of this', () => {
  it('has caused no complaint of a page', () => {
    expect(stage.complaints()).toEqual([]);
  });
});

/** No command moves anybody yet; the database does what provisioning will. */
async function move(name: string, desk: string): Promise<void> {
  await sql`update workforce_staff set desk = ${desk} where display_name = ${name}`.execute(
    stage.company.server.composition.storage.db,
  );
}
