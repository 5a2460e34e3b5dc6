import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const MODULES = '/usr/lib/apache2/modules';
const APACHE = '/usr/sbin/apache2';

/** Whether Apache is installed here, with this module of somebody else's. */
export const hasApacheWith = (name: string): boolean =>
  existsSync(APACHE) && existsSync(`${MODULES}/mod_${name}.so`);

/** Apache on loopback. */
export interface Apache {
  readonly origin: string;
  /** What it has written about errors. */
  errors(): string;
  close(): Promise<void>;
}

interface Settings {
  readonly port: number;
  /** Besides what every Apache needs. */
  readonly modules: readonly string[];
  readonly logLevel: string;
  /** What it is configured with, and the files that this names. */
  readonly configure: (directory: string) => string;
  readonly files: Readonly<Record<string, string>>;
  /** Answers once it is up. */
  readonly ready: string;
}

const basics = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'alias'];

function configurationOf(directory: string, { configure, logLevel, modules, port }: Settings) {
  const load = (name: string) => {
    const file = `${MODULES}/mod_${name}.so`;
    return existsSync(file) ? `LoadModule ${name}_module ${file}` : '';
  };
  // Started by root, Apache works as somebody else.
  const user = process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : '';
  return `${[...basics, ...modules].map(load).join('\n')}
ServerRoot ${directory}
${user}
Listen 127.0.0.1:${port}
ServerName http://127.0.0.1:${port}
PidFile ${directory}/apache.pid
Mutex file:${directory}
ErrorLog ${directory}/error.log
LogLevel warn ${logLevel}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
DocumentRoot ${directory}/www
${configure(directory)}`;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Starts Apache on loopback, and waits until it answers. */
export async function startApache(settings: Settings): Promise<Apache> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-apache-'));
  chmodSync(directory, 0o755);
  const origin = `http://127.0.0.1:${settings.port}`;
  const configuration = { 'apache.conf': configurationOf(directory, settings) };
  for (const [name, text] of Object.entries({ ...settings.files, ...configuration })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const child = spawn(APACHE, ['-f', join(directory, 'apache.conf'), '-DFOREGROUND'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const log = join(directory, 'error.log');
  const errors = () => said + (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const close = async () => {
    await stopped(child);
    rmSync(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${origin}${settings.ready}`).catch(() => undefined);
    if (answer?.ok) return { origin, errors, close };
    await wait(50);
  }
  const why = errors();
  await close();
  throw new Error(`Apache did not start: ${why}`);
}
