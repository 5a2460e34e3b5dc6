import type { AuthenticatorEvent, OwnAuthenticator } from '@proofline/protocol';

/** What kind of thing it is, in a sentence. */
export function kindText({ kind, model }: OwnAuthenticator): string {
  if (kind === 'synced') return 'Synced: copies of it are on all devices of that account.';
  if (model === undefined) return 'Bound to one device. Its maker has not attested which.';
  return 'Bound to one device, which its maker has attested.';
}

/** What it counts as, in a sentence. */
export function levelText({ acr, atMost }: OwnAuthenticator): string {
  if (acr === 'phrh') return 'hardware-held';
  return atMost === 'phr'
    ? 'phishing-resistant: no more than the passkey that let it in'
    : 'phishing-resistant';
}

const tried = {
  'sign-in': 'A sign-in was refused',
  add: 'Adding a passkey was refused',
  rename: 'Renaming a passkey was refused',
  remove: 'Removing a passkey was refused',
} as const;

/** What happened, in a sentence. */
export function eventText({ acr, kind, label, tried: what }: AuthenticatorEvent): string {
  const it = label === undefined ? 'A passkey' : `“${label}”`;
  switch (kind) {
    case 'registered':
      return 'Your first passkey was registered';
    case 'added':
      return `${it} was added`;
    case 'renamed':
      return `A passkey is now called ${it}`;
    case 'removed':
      return `${it} was removed`;
    case 'level-changed':
      return `${it} now counts as ${acr === 'phrh' ? 'hardware-held' : 'phishing-resistant only'}`;
    case 'refused':
      return tried[what ?? 'sign-in'];
  }
}
