import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { enrolCustomer, seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { askForProof, panel, ring, type Stage as HttpStage } from '../../demo/story/stage.ts';
import { createTranscript } from '../../demo/story/transcript.ts';
import { verifyOffline } from '../../demo/story/verify-offline.ts';
import { openStage, type Person, type Stage } from '../journeys/stage/open-stage.ts';
import { founder } from '../journeys/stage/staff-steps.ts';
import type { Screen } from './screens.ts';

/** A company at work, and somebody of each kind at the console. */
export interface Console {
  readonly stage: Stage;
  /** A proved call at the outsourced desk. */
  readonly callId: string;
  pageOf(who: Screen['who']): Person;
}

/** Opens it; whoever opened it closes its stage. */
export async function openConsole(): Promise<Console> {
  const stage = await openStage();
  const http: HttpStage = {
    company: stage.company,
    transcript: createTranscript(() => undefined),
    verifyOffline,
  };
  const bayo = await seatFounder(stage.company, 'Bayo Adeyemi');
  const callId = await ring(http, bayo);
  await workOnCall(http, bayo, callId);
  const { authority, founders } = stage.company;
  const { hr, lead, supervisor, auditor, security } = founders;
  // Who lets programs in does so by a key that its maker vouches for.
  const withKey = () => ({ key: createSoftwareAuthenticator({ kind: 'device-bound', authority }) });
  const people = new Map<string, Person>();
  for (const name of [hr, lead, supervisor, auditor, security, 'Clara Weiss']) {
    people.set(name, await founder(stage, name, name === security ? withKey() : {}));
  }
  return {
    stage,
    callId,
    pageOf(who) {
      const name = who === 'agent' ? 'Clara Weiss' : founders[who];
      const person = people.get(name);
      if (person === undefined) throw new Error(`${name} is not here`);
      return person;
    },
  };
}

/** A proved call at the outsourced desk, and an approval that waits for its supervisor. */
async function workOnCall(http: HttpStage, bayo: Colleague, callId: string): Promise<void> {
  const { company } = http;
  const [accountNumber = ''] = company.accountNumbers;
  const customer = await enrolCustomer(company, accountNumber);
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
