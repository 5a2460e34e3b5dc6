import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { logSigner, witnessSigner } from '@proofline/evidence';
import { base64urlToBytes, bytesToBase64url, systemRandom } from '@proofline/kernel';

/** The witness that the client company runs: its key is none of the operator’s. */
export interface DemoWitness {
  readonly environment: Readonly<Record<string, string>>;
  /** What the operator’s server is told of it: C2SP tlog-policy. */
  readonly policy: string;
  /** Where it is asked. */
  readonly origin: string;
}

const NAME = 'witness.client.localhost/w1';
const PROGRAM = 'apps/witness/main.ts';

/** Its key and its memory, made at the first start in a folder of its own. */
export async function openDemoWitness(options: {
  readonly directory: string;
  readonly port: number;
  readonly log: { readonly name: string; readonly seed: string };
}): Promise<DemoWitness> {
  const directory = join(options.directory, 'witness-of-the-client');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const seed = loadSeed(join(directory, 'seed'));
  const logKey = logSigner(options.log.name, bytesOf(options.log.seed)).key.text;
  const witnessKey = witnessSigner(NAME, bytesOf(seed)).key.text;
  const origin = `http://127.0.0.1:${options.port}`;
  const environment = {
    WITNESS_NAME: NAME,
    WITNESS_SEED: seed,
    WITNESS_LOGS: logKey,
    WITNESS_DATA_DIRECTORY: join(directory, 'state'),
    WITNESS_LISTEN_PORT: String(options.port),
    WITNESS_LOG_LEVEL: 'error',
  };
  if (!existsSync(environment.WITNESS_DATA_DIRECTORY)) {
    const program = fileURLToPath(new URL(`../${PROGRAM}`, import.meta.url));
    await promisify(execFile)(process.execPath, [program, 'begin'], { env: environment });
  }
  const policy = `log ${logKey}\nwitness client ${witnessKey} ${origin}/\nquorum client\n`;
  writeFileSync(join(options.directory, 'witnesses.policy'), policy);
  return { environment, policy, origin };
}

function loadSeed(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, bytesToBase64url(systemRandom.bytes(32)), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}

function bytesOf(text: string): Uint8Array {
  const bytes = base64urlToBytes(text);
  if (!bytes) throw new Error('a key of the demo is not base64url');
  return bytes;
}
