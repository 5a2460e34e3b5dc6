import { unusedScopeDays, type ServiceProof, type ServiceRecord } from '@proofline/protocol';
import type { Io } from '../verb.ts';
import { sayTable } from './table.ts';

const usedText = (at: string | undefined) => at ?? 'never';

/** Says which programs there are, those to look at first in front. */
export function tellServices(services: readonly ServiceRecord[], io: Io): void {
  if (services.length === 0) io.say('No service is known.');
  sayTable(
    services.map((one) => ({
      SERVICE: one.serviceId,
      NAME: one.name,
      KIND: one.role,
      STATE: one.origin === 'configured' ? 'by the settings' : one.state,
      PROVES: one.proves,
      OWNER: ownerText(one),
      'LAST USED': usedText(one.lastUsedAt),
      UNUSED: String(one.scopes.filter(({ unused }) => unused).length),
    })),
    io,
  );
}

const provesWords: Readonly<Record<ServiceProof, string>> = {
  dpop: 'by DPoP',
  signature: 'by signing each request',
  certificate: 'by its certificate',
  'named-certificate': 'by certificates of its names',
};

/** Says what one of them may, who answers for it, and what its keys are. */
export function tellService(one: ServiceRecord, io: Io): void {
  io.say(`Service     ${one.serviceId}`);
  io.say(`Name        ${one.name}`);
  if (one.purpose !== undefined) io.say(`For         ${one.purpose}`);
  io.say(`Kind        ${one.role}, ${one.origin}, ${one.state}`);
  io.say(`Proves      ${provesWords[one.proves]}`);
  io.say(`Owner       ${ownerText(one)}`);
  if (one.ratePerMinute !== undefined) io.say(`Rate        ${one.ratePerMinute} a minute`);
  for (const audience of one.audiences) io.say(`Audience    ${audience}`);
  for (const origin of one.serves) io.say(`Serves      ${origin}`);
  io.say(`Last used   ${usedText(one.lastUsedAt)}`);
  io.say('');
  sayTable(
    one.scopes.map(({ action, lastUsedAt, unused }) => ({
      SCOPE: action,
      'LAST USED': usedText(lastUsedAt),
      '': unused ? `not for ${unusedScopeDays} days` : '',
    })),
    io,
  );
  io.say('');
  tellKeys(one, io);
}

/** Says the keys of one, each with its name. */
export function tellKeys({ keys }: ServiceRecord, io: Io): void {
  if (keys.length === 0) io.say('It has no key.');
  sayTable(
    keys.map((key) => ({
      KEY: key.kid,
      ALGORITHM: key.algorithm ?? key.names ?? '',
      STATE: key.state,
      SINCE: key.addedAt ?? '',
      UNTIL: key.retireAfter ?? '',
      'LAST USED': usedText(key.lastUsedAt),
    })),
    io,
  );
}

function ownerText({ owner, origin }: ServiceRecord): string {
  if (origin === 'configured') return 'the operator';
  return owner?.active ? owner.displayName : 'nobody: they left';
}
