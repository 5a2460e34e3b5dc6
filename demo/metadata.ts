import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTestMetadata,
  importTestMetadata,
  testMetadataEntry,
  type TestAuthority,
  type TestMetadata,
  type TestMetadataJson,
} from '@proofline/assurance/testing';

/** Where the demo's made-up metadata of authenticators is, as an operator would write it. */
export interface DemoMetadata {
  readonly file: string;
  readonly rootsDirectory: string;
  readonly signer: string;
  /** Publishes anew what is said of the demo's one model of security key. */
  publish(reports?: readonly { readonly status: string }[]): void;
}

const DAY_MS = 86_400_000;
const GOOD_FOR_DAYS = 30;
const MINUTE_MS = 60_000;

/** Makes a metadata service at the first start, and publishes what is current at each. */
export async function loadDemoMetadata(
  directory: string,
  authority: TestAuthority,
): Promise<DemoMetadata> {
  const home = join(directory, 'authenticator-metadata');
  const rootsDirectory = join(home, 'roots');
  mkdirSync(rootsDirectory, { recursive: true });
  const service = await loadService(join(home, 'service.json'));
  writeFileSync(join(rootsDirectory, 'root.pem'), service.rootPem);
  const file = join(home, 'blob.jwt');
  const publish = (reports?: readonly { readonly status: string }[]) => {
    const nowMs = Date.now();
    const nextUpdate = new Date(nowMs + GOOD_FOR_DAYS * DAY_MS).toISOString().slice(0, 10);
    const entries = [testMetadataEntry(authority, reports)];
    // Goes up by itself, also from one start to the next.
    const no = Math.floor(nowMs / MINUTE_MS);
    writeFileSync(file, service.publish({ no, nextUpdate, entries }));
  };
  publish();
  return { file, rootsDirectory, signer: service.signer, publish };
}

async function loadService(file: string): Promise<TestMetadata> {
  if (existsSync(file)) {
    // Our own file.
    return importTestMetadata(JSON.parse(readFileSync(file, 'utf8')) as TestMetadataJson);
  }
  const service = await createTestMetadata({ signer: 'mds.marrowfield.localhost' });
  writeFileSync(file, JSON.stringify(service.export()), { mode: 0o600 });
  return service;
}
