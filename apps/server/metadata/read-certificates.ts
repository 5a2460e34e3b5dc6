import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const FILES_MAX = 500;

/**
 * Every certificate in the `.pem` files of a folder. One that cannot be read, or may not issue, stops
 * the start: a trust root that was believed to be there and is not would be noticed by nobody.
 *
 * @throws Error with a sentence for the operator
 */
export function readCertificates(directory: string): readonly string[] {
  const names = list(directory);
  if (names.length === 0) throw new Error('names a folder without a .pem file');
  if (names.length > FILES_MAX) throw new Error(`names a folder of more than ${FILES_MAX} files`);
  return names.flatMap((name) => {
    const found = readFileSync(join(directory, name), 'utf8').match(BLOCK) ?? [];
    if (found.length === 0) throw new Error(`names a folder in which ${name} holds no certificate`);
    for (const pem of found) {
      if (!isAuthority(pem)) throw new Error(`names a folder in which ${name} is no authority`);
    }
    return found;
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.pem'))
      .toSorted();
  } catch {
    throw new Error('names a folder that cannot be read');
  }
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}
