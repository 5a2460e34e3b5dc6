import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSoftwareAuthenticator,
  importSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type SoftwareAuthenticatorJson,
  type TestAuthority,
} from '@proofline/assurance/testing';

/** A key that outlasts the window that it was used in: passkeys are there again at the next start. */
export interface KeptKey {
  readonly key: SoftwareAuthenticator;
  keep(): void;
}

interface Whose {
  readonly directory: string;
  readonly name: string;
  /** Vouches for a security key. Without it, it is a synced passkey, as a phone has it. */
  readonly authority?: TestAuthority;
}

/** The key of somebody in the demo, as it was left, or a new one. */
export function keptKey({ directory, name, authority }: Whose): KeptKey {
  const home = join(directory, 'browser-keys');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = join(home, `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.json`);
  const key = existsSync(file)
    ? importSoftwareAuthenticator(
        JSON.parse(readFileSync(file, 'utf8')) as SoftwareAuthenticatorJson, // our own file
        authority && { authority },
      )
    : createSoftwareAuthenticator(
        authority ? { kind: 'device-bound', authority } : { kind: 'synced' },
      );
  return { key, keep: () => writeFileSync(file, JSON.stringify(key.export()), { mode: 0o600 }) };
}
