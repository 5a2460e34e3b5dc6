import type { Stage } from '../journeys/stage/open-stage.ts';

const NOBODY = 'stf_00000000000000000000000000';
const NO_CALL = 'int_00000000000000000000000000';
const NO_ENTRY = 'evt_00000000000000000000000000';

/** A screen, whose it is, and how it is known. */
export interface Screen {
  readonly who: keyof Stage['company']['founders'] | 'agent';
  /** `callId` is a call of the outsourced desk. */
  readonly path: (callId: string) => string;
  /** What is on it when it is complete. */
  readonly shows: string | RegExp;
  /** The refusal that belongs to it. */
  readonly refusal?: RegExp;
}

/** Every screen of the console, by what it shows. */
export const screens: Readonly<Record<string, Screen>> = {
  'my recovery': {
    who: 'agent',
    path: () => '/my-recovery',
    shows: 'Vouch for somebody in person',
  },
  'calls, none yet': { who: 'agent', path: () => '/agent', shows: 'No calls yet.' },
  'a call of somebody else': {
    who: 'agent',
    path: (callId) => `/agent/calls/${callId}`,
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
    path: (callId) => `/agent/calls/${callId}`,
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
  'retention, holds and erasures': {
    who: 'security',
    path: () => '/audit/retention',
    shows: 'What falls when',
  },
  'evidence with what is routine': {
    who: 'auditor',
    path: () => '/audit?routine=shown',
    shows: 'evidence:search',
  },
  'evidence of a call': {
    who: 'auditor',
    path: (callId) => `/audit?id=${callId}`,
    shows: 'A call rang',
  },
  'evidence, none fits': {
    who: 'auditor',
    path: () => '/audit?action=debt:write-off',
    shows: 'No entry fits.',
  },
  'evidence of a person, before its purpose is said': {
    who: 'auditor',
    path: () => '/audit?id=MH-99999',
    shows: 'What do you read this for?',
  },
  'evidence that nobody proved': {
    who: 'auditor',
    path: () => '/audit?only=orphans',
    shows: 'Nothing was permitted without a proof of identity behind it.',
  },
  'an entry, before its purpose is said': {
    who: 'auditor',
    path: () => `/audit/${NO_ENTRY}`,
    shows: 'What do you read this for?',
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
