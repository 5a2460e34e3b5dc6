import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import { expect, test } from 'vitest';
import { keptKey } from './kept-key.ts';

const origin = 'http://staff.localhost:4400';
const options = {
  challenge: 'AAAA',
  rp: { id: 'staff.localhost', name: 'Proofline' },
  user: { id: 'AAAA', name: 'Ana', displayName: 'Ana' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  attestation: 'direct',
};

test('a key of the demo’s browser is there again at the next start, for its owner’s eyes only', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-keys-'));
  try {
    const authority = await createTestAuthority();
    const whose = { directory, name: 'Ana Ruiz', authority };
    const first = keptKey(whose);
    const { id } = await first.key.register({ options, origin });
    first.keep();
    const request = { options: { challenge: 'BBBB', rpId: 'staff.localhost' }, origin };
    expect(await keptKey(whose).key.assert(request)).toMatchObject({ id });
    const other = keptKey({ ...whose, name: 'Sol Marchetti' });
    await expect(other.key.assert(request)).rejects.toThrow('no credential fits');
    const [file = ''] = readdirSync(join(directory, 'browser-keys'));
    expect(statSync(join(directory, 'browser-keys', file)).mode & 0o077).toBe(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
