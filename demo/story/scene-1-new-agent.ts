import { decodeJwt } from 'jose';
import { onboard } from '../actors/onboard.ts';
import { seat, type Colleague } from './cast.ts';
import { codeOf, expectAnswer, indexOf, selfOf, type Invitation, type Stage } from './stage.ts';

interface Team {
  readonly hr: Colleague;
  readonly lead: Colleague;
  readonly auditor: Colleague;
}

/** Scene 1: two people bring in a new billing agent; neither could have done it alone. */
export async function newAgent(stage: Stage, { hr, lead, auditor }: Team): Promise<Colleague> {
  const { company, transcript } = stage;
  transcript.chapter('1. A new billing agent');
  const wanted = {
    displayName: 'Nora Vance',
    desk: company.outsourcedDesk,
    employeeNumber: 'NV-2041',
  };
  const byLead = await lead.console.api('POST', '/api/onboarding/invitations', wanted);
  transcript.must(byLead.status === 403, 'a team lead cannot invite');
  transcript.line({
    who: 'Team lead',
    what: 'tries to invite a new colleague',
    came: `refused: ${codeOf(byLead)}`,
  });
  const invited = await hr.console.api('POST', '/api/onboarding/invitations', wanted);
  const { invitation, link } = expectAnswer<{ invitation: Invitation; link: string }>(
    invited,
    201,
    'invite',
  );
  transcript.line({
    who: 'HR',
    what: 'invites Nora Vance; the link is for one device, once',
    came: 'done',
    evidenceIndex: await indexOf(auditor, invitation.invitationId),
  });

  const nora = await seat(company, 'Nora Vance', 'device-bound');
  const shown = await onboard({ link, ...nora });
  transcript.must(shown.confirmationCode !== undefined, 'the new colleague’s screen shows a code');
  transcript.line({
    who: 'Nora',
    what: 'opens the link and registers a hardware-held passkey',
    came: 'registered, no role yet',
    evidenceIndex: await indexOf(auditor, invitation.invitationId),
  });
  const thief = await seat(company, 'somebody else', 'synced');
  const again = await thief.device.ask(`${company.origins.staff}/api/onboarding/open`, {
    origin: company.origins.staff,
    json: { secret: new URL(link).hash.slice(1) },
  });
  transcript.must(again.status === 410, 'the link is dead on another device');
  transcript.line({
    who: 'Stranger',
    what: 'opens the same link on another device',
    came: `refused: ${codeOf(again)}`,
    evidenceIndex: await indexOf(auditor, invitation.invitationId),
  });

  const confirmation = { code: shown.confirmationCode, role: 'billing-agent' };
  const byHr = await hr.console.api('POST', '/api/onboarding/confirmations', confirmation);
  transcript.must(byHr.status === 403, 'who invited cannot confirm');
  transcript.line({
    who: 'HR',
    what: 'tries to confirm the person they invited',
    came: `refused: ${codeOf(byHr)}`,
  });
  expectAnswer(
    await lead.console.api('POST', '/api/onboarding/confirmations', confirmation),
    200,
    'confirm',
  );
  transcript.line({
    who: 'Team lead',
    what: 'in the same room, types the code from Nora’s screen',
    came: 'billing agent',
    evidenceIndex: await indexOf(auditor, invitation.invitationId),
  });

  await nora.console.signIn();
  const claims = decodeJwt(nora.console.accessToken);
  transcript.must(claims['acr'] === 'phrh', 'an attested hardware passkey signs in as phrh');
  transcript.must(
    claims.aud === `${company.origins.staff}/api`,
    'the access token has one audience',
  );
  transcript.must(
    Array.isArray(claims['amr']) && typeof claims['auth_time'] === 'number',
    'the token says how and when',
  );
  const self = await selfOf(nora);
  transcript.must(self.roles.join() === 'billing-agent', 'the role is the one that the lead gave');
  transcript.line({
    who: 'Nora',
    what: 'signs in: PAR, PKCE, DPoP; one audience',
    came: `acr ${String(claims['acr'])}`,
    evidenceIndex: await indexOf(auditor, self.sessionId),
  });
  return nora;
}
