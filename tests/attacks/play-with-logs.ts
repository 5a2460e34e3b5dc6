import childProcess from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Plays the whole story at the lowest log level, with every process's output on ours, and writes
// what must not be in it to the file that is named as argument. A program of its own, because a
// logger writes past whoever started it.

const known: string[] = [];
const { spawn } = childProcess;
// What the gateway and the CRM say is otherwise kept by whoever started them.
childProcess.spawn = ((...parameters: Parameters<typeof spawn>) => {
  const child = spawn(...parameters);
  child.stdout?.on('data', (chunk: Buffer) => process.stdout.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => process.stdout.write(chunk));
  return child;
}) as typeof spawn; // the overloads are the same
// Every credential that goes over the wire is a secret that must not be logged.
const { request } = await import('node:http').then((module) => module.default);
const http = (await import('node:http')).default;
http.request = ((...parameters: Parameters<typeof request>) => {
  const [options] = parameters;
  const { headers } = options as { headers?: Record<string, string> };
  for (const name of ['authorization', 'dpop', 'cookie']) {
    const value = headers?.[name];
    if (value !== undefined)
      known.push(
        value
          .replace(/^\w+ /, '')
          .split('; ')[0]
          ?.replace(/^[\w-]+=/, '') ?? '',
      );
  }
  return request(...parameters);
}) as typeof request; // as above
syncBuiltinESMExports();

const { demoCustomers } = await import('../../demo/company.ts');
const { demoStaff } = await import('../../demo/staff.ts');
const { startCompany } = await import('../../demo/start-company.ts');
const { playStory } = await import('../../demo/story/play-story.ts');

const directory = mkdtempSync(join(tmpdir(), 'proofline-logs-'));
const company = await startCompany({
  directory,
  ports: 'free',
  logLevel: 'debug',
});
const verifyOffline = async (bundle: string) =>
  // The story's own test runs the verifier; here only the first answer is expected to be good.
  ({ exitCode: bundle.includes('proof.bound') && !verified() ? 0 : 1, output: '' });
let turns = 0;
const verified = () => {
  turns += 1;
  return turns > 1;
};
const { failures } = await playStory({ company, print: () => {}, verifyOffline });
const { secrets } = company;
writeFileSync(
  process.argv[2] ?? '',
  JSON.stringify({
    failures,
    personal: [
      ...demoCustomers().flatMap(({ accountNumber, name, contact }) => [
        accountNumber,
        name,
        contact.address,
      ]),
      ...demoStaff.flatMap(({ displayName, employeeNumber }) => [displayName, employeeNumber]),
      'Nora Vance',
      'NV-2041',
      'Lindenweg',
      '20095',
    ],
    secret: [
      ...known.filter((value) => value.length > 15),
      secrets.kek,
      secrets.logSeed,
      secrets.cookieKey,
      secrets.notifierSecret,
      secrets.metricsToken,
      secrets.crmKey,
      secrets.signingKey.d,
      ...[...company.founderLinks.values()].map((link) => new URL(link).hash.slice(1)),
      ...company.messages.flatMap(({ link }) =>
        link === undefined ? [] : [link.split(/[/#]/).at(-1)],
      ),
    ],
  }),
);
await company.close();
rmSync(directory, { recursive: true, force: true });
