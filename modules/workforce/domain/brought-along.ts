import type { CredentialJson, SignInMode } from '@proofline/protocol';

/**
 * Whether people at this desk bring their authenticators along, a security key or a phone: a passkey that
 * is kept by a machine which others use after them would be left behind there.
 */
export function isBroughtAlong(
  deskModes: Readonly<Record<string, SignInMode>> | undefined,
  desk: string,
): boolean {
  return (deskModes?.[desk] ?? 'personal') !== 'personal';
}

/** Whether a new passkey is kept by the very machine on which it was made, as the browser says. */
export function isLeftBehind({ credential }: CredentialJson): boolean {
  const { authenticatorAttachment: attachment, response } = credential;
  if (attachment === 'platform') return true;
  // A phone beside the machine answers `hybrid`, and is `internal` to itself.
  const transports = response.transports ?? [];
  return transports.includes('internal') && !transports.includes('hybrid');
}
