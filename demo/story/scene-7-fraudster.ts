import { idPrefixes, newId, systemClock, systemRandom, type IdPrefix } from '@proofline/kernel';
import { readPerson, routes, type Route } from '@proofline/protocol';
import { z } from 'zod';
import { sampleInput, sampleQuery, type Targets } from '../actors/sample-input.ts';
import type { Colleague } from './cast.ts';
import { codeOf, expectAnswer, selfOf, type Stage } from './stage.ts';

/** What an obliging helpdesk elsewhere would have: none of these exists here. */
const VERBS = ['authenticators', 'passkeys', 'credentials', 'reset', 'recover', 'impersonate'];

const PathParameters = z.record(z.string(), z.string());

interface Fraud {
  readonly staff: readonly Colleague[];
  /** Whom the fraudster wants to become: a colleague and a customer. */
  readonly victim: Colleague;
  readonly victimId: string;
  readonly accountNumber: string;
  /** Who may see how many passkeys a colleague has. */
  readonly onlooker: Colleague;
}

/** Scene 7: «I lost my phone, please add this one.» There is no button, and the API has no verb. */
export async function fraudster(stage: Stage, fraud: Fraud): Promise<void> {
  const { transcript } = stage;
  transcript.chapter('7. “I lost my phone, please add this one”');
  const before = await countPasskeys(stage, fraud);
  const targets = await aimAt(stage, fraud);
  let tried = 0;
  for (const colleague of fraud.staff) tried += await tryEverything(stage, colleague, targets);
  const after = await countPasskeys(stage, fraud);
  transcript.must(before === after && before === 2, `the victims’ passkeys: ${before}, ${after}`);
  const what = `gets ${fraud.staff.length} colleagues to try ${tried} requests, every route`;
  transcript.line({ who: 'Fraudster', what, came: 'no passkey added or changed' });
  const { accountNumber } = fraud;
  const accountOpening = await stage.company.service('account-opening');
  const anew = await accountOpening.call('POST', '/api/enrolments', { accountNumber });
  const isRefused = codeOf(anew) === 'enrolment.not-new';
  transcript.must(isRefused, 'not even account opening can invite somebody who has a passkey');
  const asked = 'has account opening invite the customer anew';
  transcript.line({ who: 'Fraudster', what: asked, came: `refused: ${codeOf(anew)}` });
}

/** Every staff route of the contract with valid input aimed at the victims, and verbs that are absent. */
async function tryEverything(
  stage: Stage,
  colleague: Colleague,
  targets: Targets,
): Promise<number> {
  let tried = 0;
  for (const route of routes.filter(isTried)) {
    await colleague.console.api(
      route.method.toUpperCase(),
      pathOf(route, targets),
      bodyOf(route, targets),
    );
    tried += 1;
  }
  for (const verb of VERBS) {
    for (const path of [
      `/api/customers/${targets['cus']}/${verb}`,
      `/api/people/${targets['stf']}/${verb}`,
    ]) {
      const answer = await colleague.console.api('POST', path, {});
      stage.transcript.must(codeOf(answer) === 'route.unknown', `${colleague.name} finds ${path}`);
      tried += 1;
    }
  }
  return tried;
}

// Signing out, or locking, would end the attack, and a stream of events has no end.
const endless = ['self.sign-out', 'self.lock', 'self.events'];

function isTried({ caller, id }: Route): boolean {
  return caller === 'staff' && !endless.includes(id);
}

function pathOf(route: Route, targets: Targets): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const sample = route.params === undefined ? {} : sampleInput(route.params, targets);
    return encodeURIComponent(PathParameters.parse(sample)[name] ?? '');
  });
  return route.query === undefined ? path : `${path}${sampleQuery(route.query, targets)}`;
}

function bodyOf(route: Route, targets: Targets): unknown {
  return route.body === undefined ? undefined : sampleInput(route.body, targets);
}

async function aimAt(stage: Stage, { victim, accountNumber }: Fraud): Promise<Targets> {
  const { composition } = stage.company.server;
  const self = await selfOf(victim);
  const customer = await composition.customers.findByAccountNumber(
    composition.storage.db,
    accountNumber,
  );
  // Its own keys: every kind of id that a route may ask for.
  const prefixes = Object.keys(idPrefixes) as IdPrefix[];
  const ports = { clock: systemClock, random: systemRandom };
  return {
    ...Object.fromEntries(prefixes.map((prefix) => [prefix, newId(prefix, ports)])),
    stf: self.subjectId,
    ses: self.sessionId,
    cus: customer?.customerId ?? '',
    accountNumber,
  };
}

/** The victims' passkeys as the server knows them. */
async function countPasskeys({ company }: Stage, fraud: Fraud): Promise<number> {
  const { customers, storage } = company.server.composition;
  const customer = await customers.findByAccountNumber(storage.db, fraud.accountNumber);
  const theirs = customer ? await customers.credentialsOf(storage.db, customer.customerId) : [];
  const read = await fraud.onlooker.console.api('GET', `/api/people/${fraud.victimId}`);
  const form = readPerson.reply;
  const person = expectAnswer(read, { status: 200, step: 'look at the victim', form });
  return theirs.length + person.authenticators.length;
}
