import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from '../journeys/stage/expect-shown.ts';
import { createTranscript } from '../../demo/story/transcript.ts';
import { verifyOffline } from '../../demo/story/verify-offline.ts';
import { enrolCustomer, seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { askForProof, panel, ring, type Stage as HttpStage } from '../../demo/story/stage.ts';
import { openStage, type Person, type Stage } from '../journeys/stage/open-stage.ts';
import { founder, signInFrame } from '../journeys/stage/staff-steps.ts';
import { tellFailures } from '../journeys/stage/tell-failures.ts';
import { inspectPage } from './inspect-page.ts';

let stage: Stage;
let http: HttpStage;
let bayo: Colleague;
let callId: string;
let evidenceId: string;
const people = new Map<string, Person>();

const NOBODY = 'stf_00000000000000000000000000';
const NO_CALL = 'int_00000000000000000000000000';
const NO_ENTRY = 'evt_00000000000000000000000000';

beforeAll(async () => {
  stage = await openStage();
  http = {
    company: stage.company,
    transcript: createTranscript(() => undefined),
    verifyOffline,
  };
  bayo = await seatFounder(stage.company, 'Bayo Adeyemi');
  callId = await ring(http, bayo);
  await workOnCall();
  const { authority, founders } = stage.company;
  const { hr, lead, supervisor, auditor, security } = founders;
  // Who lets programs in does so by a key that its maker vouches for.
  const withKey = () => ({ key: createSoftwareAuthenticator({ kind: 'device-bound', authority }) });
  for (const name of [hr, lead, supervisor, auditor, security, 'Clara Weiss']) {
    people.set(name, await founder(stage, name, name === security ? withKey() : {}));
  }
});
afterAll(async () => stage?.close());
tellFailures(() => stage, false);

/** A proved call at the outsourced desk, and an approval that waits for its supervisor. */
async function workOnCall(): Promise<void> {
  const [accountNumber = ''] = stage.company.accountNumbers;
  const customer = await enrolCustomer(stage.company, accountNumber);
  const ask = { interactionId: callId, accountNumber };
  const { request, link } = await askForProof(http, bayo, ask);
  await customer.confirm(link, request.matchingNumber);
  const { caseId = '' } = await panel(bayo, callId);
  const exchanged = await bayo.console.exchange(caseId, ['account:read']);
  const grant = (exchanged.body as { access_token: string }).access_token; // RFC 8693 §2.2.1
  await bayo.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` });
  await bayo.console.api('POST', '/api/approvals', {
    interactionId: callId,
    action: 'refund:initiate',
    resource: { type: 'Account', id: accountNumber },
    body: { invoiceId: 'INV-10001-202606', amountCents: 24_000, reason: 'service-outage' },
    note: 'Two days without power.',
  });
}

interface Screen {
  readonly who: keyof Stage['company']['founders'] | 'agent';
  readonly path: () => string;
  /** What is on it when it is complete. */
  readonly shows: string | RegExp;
  /** The refusal that belongs to it. */
  readonly refusal?: RegExp;
}

const screens: Readonly<Record<string, Screen>> = {
  'my recovery': {
    who: 'agent',
    path: () => '/my-recovery',
    shows: 'Vouch for somebody in person',
  },
  'calls, none yet': { who: 'agent', path: () => '/agent', shows: 'No calls yet.' },
  'a call of somebody else': {
    who: 'agent',
    path: () => `/agent/calls/${callId}`,
    shows: /./,
    refusal: /^40[34] GET \/api\/interactions\//,
  },
  'a call that does not exist': {
    who: 'agent',
    path: () => `/agent/calls/${NO_CALL}`,
    shows: 'Try again',
    refusal: /^40[34] GET \/api\/interactions\//,
  },
  cases: { who: 'agent', path: () => '/agent/cases', shows: /cse_/ },
  'cases, none fits': {
    who: 'agent',
    path: () => '/agent/cases?state=open&caseType=complaint',
    shows: /cse_|No case fits/,
  },
  approvals: {
    who: 'supervisor',
    path: () => '/supervisor/approvals',
    shows: 'Two days without power.',
  },
  'approvals, none': {
    who: 'supervisor',
    path: () => '/supervisor/approvals?state=rejected',
    shows: /Nothing|No /,
  },
  'calls of the desk': {
    who: 'supervisor',
    path: () => '/supervisor/calls',
    shows: 'Bayo Adeyemi',
  },
  'a call of the desk': {
    who: 'supervisor',
    path: () => `/agent/calls/${callId}`,
    shows: 'This call is not assigned to you.',
  },
  'new colleagues': { who: 'lead', path: () => '/supervisor/colleagues', shows: 'Confirmed' },
  invitations: { who: 'hr', path: () => '/people', shows: 'Confirmed' },
  'invitations, none fits': {
    who: 'hr',
    path: () => '/people?state=expired',
    shows: 'No invitation fits this filter.',
  },
  'own passkeys': { who: 'lead', path: () => '/passkeys', shows: 'You have one passkey.' },
  staff: { who: 'security', path: () => '/security/people', shows: 'Elena Fabbri' },
  'staff, nobody fits': {
    who: 'security',
    path: () => '/security/people?role=auditor&desk=Calder+%26+Vane',
    shows: 'Nobody fits these filters.',
  },
  'a colleague who does not exist': {
    who: 'security',
    path: () => `/security/people/${NOBODY}`,
    shows: /Request req_/,
    refusal: /^40[34] GET \/api\/people\//,
  },
  'live sessions': {
    who: 'security',
    path: () => '/security/sessions',
    shows: 'Its browser’s key',
  },
  'one’s own sessions': {
    who: 'agent',
    path: () => '/my-sessions',
    shows: 'Where you are signed in',
  },
  'break-glass, for who asks': {
    who: 'supervisor',
    path: () => '/break-glass',
    shows: 'Name what you need first.',
  },
  'break-glass, for who judges': {
    who: 'auditor',
    path: () => '/break-glass?state=overdue',
    shows: 'There is none here.',
  },
  switches: { who: 'security', path: () => '/security/switches', shows: 'Choose what to stop' },
  'a switch about to be thrown': {
    who: 'security',
    path: () => '/security/switches?kind=everything-but-reading&state=standing',
    shows: 'Everything but reading: what stopping this would hit now',
  },
  provisioning: {
    who: 'security',
    path: () => '/security/provisioning',
    shows: 'Nothing was changed or refused in the last thirty days.',
  },
  keys: { who: 'security', path: () => '/security/keys', shows: 'Signs now' },
  services: {
    who: 'security',
    path: () => '/security/services',
    shows: 'Named in the settings of the server, and changed only there',
  },
  applications: {
    who: 'security',
    path: () => '/security/applications',
    shows: 'No application is registered.',
  },
  policies: { who: 'security', path: () => '/security/policies', shows: 'Nothing is proposed.' },
  'a policy with its cases and last decisions': {
    who: 'security',
    path: () => '/security/policies?policy=context.session-live',
    shows: 'Named cases that rest on it',
  },
  'a policy’s file, to be changed': {
    who: 'security',
    path: () => '/security/policies?set=1&file=roles/auditor.cedar',
    shows: 'No policy differs.',
  },
  'unused rights': {
    who: 'security',
    path: () => '/security/unused?days=90&role=billing-agent',
    shows: 'Propose the policies without them',
  },
  'which hardware counts': {
    who: 'security',
    path: () => '/security/hardware',
    shows: 'Proofline Test Key',
  },
  evidence: { who: 'auditor', path: () => '/audit', shows: 'A call rang' },
  'evidence with what is routine': {
    who: 'auditor',
    path: () => '/audit?routine=shown',
    shows: 'evidence:search',
  },
  'evidence of a call': { who: 'auditor', path: () => `/audit?id=${callId}`, shows: 'A call rang' },
  'evidence, none fits': {
    who: 'auditor',
    path: () => '/audit?id=MH-99999',
    shows: 'No entry fits.',
  },
  'an entry that does not exist': {
    who: 'auditor',
    path: () => `/audit/${NO_ENTRY}`,
    shows: 'Try again',
    refusal: /^40[34] GET \/api\/evidence\//,
  },
  'what a refusal means': {
    who: 'auditor',
    path: () => '/docs/errors/access.denied',
    shows: 'Default deny',
  },
  'a page that does not exist': {
    who: 'auditor',
    path: () => '/nowhere',
    shows: 'There is no such page',
  },
};

function pageOf(who: Screen['who']): Person {
  const name = who === 'agent' ? 'Clara Weiss' : stage.company.founders[who];
  const person = people.get(name);
  if (person === undefined) throw new Error(`${name} is not here`);
  return person;
}

describe('every screen of the console', () => {
  it.each(Object.entries(screens))('%s', async (_, { who, path, shows, refusal }) => {
    const { page, complaints } = pageOf(who);
    if (refusal) complaints.expect(refusal);
    await page.goto(`${stage.company.origins.staff}${path()}`);
    await expectShown(page.locator('main').getByText(shows).locator('visible=true').first());
    expect(await inspectPage(page)).toEqual([]);
  });

  it('an entry with its chain, its decision and its proof', async () => {
    const { page } = pageOf('auditor');
    await page.goto(`${stage.company.origins.staff}/audit?id=${callId}&kind=decision.made`);
    await page
      .getByRole('link', { name: /An action was decided/ })
      .first()
      .click();
    await expectShown(page.getByRole('heading', { name: 'The decision' }));
    await expectShown(page.getByRole('heading', { name: 'Facts that it rested on' }));
    evidenceId = page.url().split('/').at(-1) ?? '';
    expect(evidenceId).toMatch(/^evt_/);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the export of a chain', async () => {
    const { page } = pageOf('auditor');
    await page.goto(`${stage.company.origins.staff}/audit/${evidenceId}`);
    await page.getByRole('button', { name: 'Export' }).click();
    await expectShown(page.getByRole('dialog', { name: 'Export the chain' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a colleague with a session', async () => {
    const { page } = pageOf('security');
    await page.goto(`${stage.company.origins.staff}/security/people`);
    await page.getByRole('link', { name: 'Clara Weiss' }).click();
    await expectShown(page.getByRole('heading', { name: 'Live sessions' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('an invitation’s link, shown once', async () => {
    const { page } = pageOf('hr');
    await page.goto(`${stage.company.origins.staff}/people`);
    await page.getByLabel('Name', { exact: true }).fill('Nora Vance');
    await page.getByLabel('Desk', { exact: true }).fill(stage.company.outsourcedDesk);
    await page.getByLabel('Employee number').fill('NV-2041');
    await page.getByRole('button', { name: 'Make the link' }).click();
    await expectShown(page.getByText('is shown this once'));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a directory’s token, shown once', async () => {
    const { page, complaints } = pageOf('security');
    await page.goto(`${stage.company.origins.staff}/security/provisioning`);
    await page.getByLabel('Name', { exact: true }).fill('Entra');
    // It takes a proof of this minute.
    await stage.company.letProofsAge(120);
    complaints.expect(/^401 POST \/api\/provisioning\//);
    await page.getByRole('button', { name: 'Make the token' }).click();
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(page.getByText('The token for Entra is shown this once.'));
    await expectShown(page.getByRole('heading', { name: 'Connected Entra' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a service that is registered, whose key rotates; and the issuer’s own key', async () => {
    const { page, complaints } = pageOf('security');
    const { staff } = stage.company.origins;
    const newKey = async () => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true });
      return JSON.stringify(await exportJWK(publicKey));
    };
    await page.goto(`${staff}/security/services`);
    await page.getByLabel('Name', { exact: true }).fill('Night reports');
    await page.getByLabel('What it is for').fill('Reports of the night run.');
    await page.getByLabel('search who may do what').check();
    await page.getByLabel('Its public key').fill(await newKey());
    await stage.company.letProofsAge(120);
    complaints.expect(/^401 POST \/api\/services\/registration$/);
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(page.getByRole('heading', { name: 'Active Night reports' }));
    await page.getByRole('button', { name: 'Rotate the key: Night reports' }).click();
    await page.getByLabel('The next public key of Night reports').fill(await newKey());
    await page.getByRole('button', { name: 'Add the key' }).click();
    await expectShown(page.getByText('Let the program use the new key.', { exact: false }));
    expect(await inspectPage(page)).toEqual([]);
    await page
      .getByRole('button', { name: /^Retire the key/ })
      .first()
      .click();
    await expectShown(page.getByText('The key that is left ends on', { exact: false }));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Suspend: Night reports' }).click();
    await page.getByRole('button', { name: 'Suspend it now' }).click();
    await expectShown(page.getByRole('heading', { name: 'Suspended Night reports' }));

    await page.goto(`${staff}/security/keys`);
    await page.getByLabel('Why').fill('It was time.');
    await page.getByRole('button', { name: 'Rotate now' }).click();
    await expectShown(page.getByText('Published, does not sign yet'));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the choice of a reason for an approval', async () => {
    const { page } = pageOf('supervisor');
    await page.goto(`${stage.company.origins.staff}/supervisor/approvals`);
    await page.getByRole('button', { name: /^Approve/ }).click();
    await expectShown(page.getByText('Approve because of'));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the jump menu and the help of the keyboard', async () => {
    const { page } = pageOf('lead');
    await page.goto(`${stage.company.origins.staff}/supervisor/colleagues`);
    await expectShown(page.getByText('Up to date'));
    await page.keyboard.press('Control+k');
    await expectShown(page.getByRole('listbox', { name: 'Pages' }));
    expect(await inspectPage(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expectShown(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the screen of somebody who has left', async () => {
    const { page, complaints } = pageOf('hr');
    await page.goto(`${stage.company.origins.staff}/people`);
    // What the page was still asking for comes too late.
    complaints.tolerate(/^401 GET /);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectShown(page.getByText('You are signed out.'));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await page
      .frameLocator('iframe')
      .getByRole('button', { name: 'Continue with your passkey' })
      .waitFor();
    await expectShown(signInFrame(page).getByLabel('Passkeys of this browser'));
    expect(await inspectPage(page)).toEqual([]);
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
