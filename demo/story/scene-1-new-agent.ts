import { confirmColleague, inviteColleague, type OnboardingState } from '@proofline/protocol';
import { decodeJwt } from 'jose';
import { onboard } from '../actors/onboard.ts';
import { seat, type Colleague } from './cast.ts';
import { codeOf, expectAnswer, indexOf, selfOf, type Stage } from './stage.ts';

interface Team {
  readonly hr: Colleague;
  readonly lead: Colleague;
  readonly auditor: Colleague;
}

/** Scene 1: two people bring in a new billing agent; neither could have done it alone. */
export async function newAgent(stage: Stage, team: Team): Promise<Colleague> {
  stage.transcript.chapter('1. A new billing agent');
  const { invitationId, link } = await invite(stage, team);
  const nora = await seat(stage.company, 'Nora Vance', 'device-bound');
  const shown = await register(stage, { nora, link, auditor: team.auditor });
  await openElsewhere(stage, { link, invitationId, auditor: team.auditor });
  await confirm(stage, team, shown);
  await signIn(stage, nora, team.auditor);
  return nora;
}

async function invite({ company, transcript }: Stage, { hr, lead, auditor }: Team) {
  const path = '/api/onboarding/invitations';
  const desk = company.outsourcedDesk;
  const wanted = { displayName: 'Nora Vance', desk, employeeNumber: 'NV-2041' };
  const byLead = await lead.console.api('POST', path, wanted);
  transcript.must(byLead.status === 403, 'a team lead cannot invite');
  const refused = `refused: ${codeOf(byLead)}`;
  transcript.line({ who: 'Team lead', what: 'tries to invite a new colleague', came: refused });
  const invited = await hr.console.api('POST', path, wanted);
  const form = inviteColleague.reply;
  const { invitation, link } = expectAnswer(invited, { status: 201, step: 'invite', form });
  const { invitationId } = invitation;
  const what = 'invites Nora Vance; the link is for one device, once';
  const evidenceIndex = await indexOf(auditor, invitationId);
  transcript.line({ who: 'HR', what, came: 'done', evidenceIndex });
  return { invitationId, link };
}

async function register(
  { transcript }: Stage,
  { nora, link, auditor }: { nora: Colleague; link: string; auditor: Colleague },
): Promise<OnboardingState> {
  const shown = await onboard({ link, ...nora });
  transcript.must(shown.confirmationCode !== undefined, 'the new colleague’s screen shows a code');
  const what = 'opens the link and registers a hardware-held passkey';
  const evidenceIndex = await indexOf(auditor, shown.invitationId);
  transcript.line({ who: 'Nora', what, came: 'registered, no role yet', evidenceIndex });
  return shown;
}

async function openElsewhere(
  { company, transcript }: Stage,
  { link, invitationId, auditor }: { link: string; invitationId: string; auditor: Colleague },
): Promise<void> {
  const thief = await seat(company, 'somebody else', 'synced');
  const origin = company.origins.staff;
  const json = { secret: new URL(link).hash.slice(1) };
  const again = await thief.device.ask(`${origin}/api/onboarding/open`, { origin, json });
  transcript.must(again.status === 410, 'the link is dead on another device');
  const what = 'opens the same link on another device';
  const evidenceIndex = await indexOf(auditor, invitationId);
  transcript.line({ who: 'Stranger', what, came: `refused: ${codeOf(again)}`, evidenceIndex });
}

async function confirm({ transcript }: Stage, team: Team, shown: OnboardingState): Promise<void> {
  const path = '/api/onboarding/confirmations';
  const confirmation = { code: shown.confirmationCode, role: 'billing-agent' };
  const byHr = await team.hr.console.api('POST', path, confirmation);
  transcript.must(byHr.status === 403, 'who invited cannot confirm');
  const tried = 'tries to confirm the person they invited';
  transcript.line({ who: 'HR', what: tried, came: `refused: ${codeOf(byHr)}` });
  const byLead = await team.lead.console.api('POST', path, confirmation);
  expectAnswer(byLead, { status: 200, step: 'confirm', form: confirmColleague.reply });
  const what = 'in the same room, types the code from Nora’s screen';
  const evidenceIndex = await indexOf(team.auditor, shown.invitationId);
  transcript.line({ who: 'Team lead', what, came: 'billing agent', evidenceIndex });
}

async function signIn({ company, transcript }: Stage, nora: Colleague, auditor: Colleague) {
  await nora.console.signIn();
  const claims = decodeJwt(nora.console.accessToken);
  transcript.must(claims['acr'] === 'phrh', 'an attested hardware passkey signs in as phrh');
  const audience = `${company.origins.staff}/api`;
  transcript.must(claims.aud === audience, 'the access token has one audience');
  const saysHow = Array.isArray(claims['amr']) && typeof claims['auth_time'] === 'number';
  transcript.must(saysHow, 'the token says how and when');
  const self = await selfOf(nora);
  transcript.must(self.roles.join() === 'billing-agent', 'the role is the one that the lead gave');
  const what = 'signs in: PAR, PKCE, DPoP; one audience';
  const evidenceIndex = await indexOf(auditor, self.sessionId);
  transcript.line({ who: 'Nora', what, came: `acr ${String(claims['acr'])}`, evidenceIndex });
}
