import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether this is Debian or Ubuntu and we may install there. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs a Debian package with apt; whether it went well. Its output goes to stderr. */
export function installPackage(name: string): boolean {
  process.stderr.write(`installing ${name} with apt-get …\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: readonly string[]) =>
    spawnSync('apt-get', args, { env: environment, stdio: ['ignore', 2, 2] }).status === 0;
  return run(['update', '-q']) && run(['install', '-q', '-y', '--no-install-recommends', name]);
}
