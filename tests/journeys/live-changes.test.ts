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
  });

  it('have caused no complaint of the page', () => {
    expect(stage.complaints()).toEqual([]);
  });
});

/** No command moves anybody yet; the database does what provisioning will. */
async function move(name: string, desk: string): Promise<void> {
  await sql`update workforce_staff set desk = ${desk} where display_name = ${name}`.execute(
    stage.company.server.composition.storage.db,
  );
}
