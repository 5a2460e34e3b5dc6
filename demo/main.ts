import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../tools/build/build-all.ts';
import { openWindows } from './open-windows.ts';
import { portsFrom } from './ports.ts';
import { printWelcome } from './print-welcome.ts';
import { refuseSecondDemo } from './refuse-second-demo.ts';
import { startCompany, type Company } from './start-company.ts';
import { playStory } from './story/play-story.ts';
import { verifyOffline } from './story/verify-offline.ts';

const USAGE = 'npm run demo -- [--story] [--fresh] [--browser] [--port 4400]';
const HELP = `${USAGE}

  --story      Plays the whole story without a browser, and ends.
  --fresh      Forgets what was done before, and begins anew.
  --browser    Opens a Chromium window per person, each with a simulated security key.
  --port 4400  Listens on this port and on those 10, 20, 30, 40 and 50 above it.
  --help       Prints this.
`;
const values = readOptions();
const say = (text: string) => void process.stdout.write(text);
const STOP_MAX_MS = 4_500;

function readOptions() {
  try {
    return parseArgs({
      options: {
        story: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        browser: { type: 'boolean', default: false },
        /** The server's; the gateway, the CRM and the demo's pages listen 10, 20 and 30 above it. */
        port: { type: 'string', default: '4400' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : ''}\n${USAGE}\n`);
    process.exit(2);
  }
}

try {
  if (values.help) say(HELP);
  else if (values.story) process.exitCode = await tellStory();
  else await runDemo();
} catch (error) {
  // What stops a start is a sentence, for whoever started it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** Everything that the demo keeps, in the checkout: nothing outside of it is touched. */
function home(): string {
  const directory = resolve('.proofline');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

async function tellStory(): Promise<number> {
  const directory = mkdtempSync(join(home(), 'story-'));
  try {
    await buildAll({ onlyStale: true, say: (line) => say(`${line}\n`) });
    const company = await startCompany({ directory, ports: 'free' });
    try {
      const { failures, lines } = await playStory({
        company,
        print: say,
        verifyOffline: (bundle) => verifyOffline(bundle, directory),
      });
      say(
        failures.length === 0
          ? `\nThe story came out as it should: ${lines} steps.\n`
          : `\n${failures.length} steps came out otherwise than they should.\n`,
      );
      return failures.length === 0 ? 0 : 1;
    } finally {
      await company.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runDemo(): Promise<void> {
  const directory = join(home(), 'demo');
  // Before --fresh above all: it must not take the database away under one that runs.
  refuseSecondDemo(directory);
  if (values.fresh) rmSync(directory, { recursive: true, force: true });
  await buildAll({ onlyStale: true, say: (line) => say(`${line}\n`) });
  const company = await startCompany({
    directory,
    ports: portsFrom(readPort(values.port)),
    pastWork: true,
    onLost: (name, how) => say(lostText(name, how)),
    onStart: () => say('Starting the database, the server, the gateway, the CRM and a witness …\n'),
  });
  await printWelcome(company, say);
  const closeWindows = values.browser ? await tryWindows(company, directory) : async () => {};
  let isClosing = false;
  const close = () => {
    if (isClosing) return;
    isClosing = true;
    say('\nStopping …\n');
    setTimeout(() => process.exit(1), STOP_MAX_MS);
    closeWindows()
      .then(() => company.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
}

const lost = {
  crm: ['The CRM', 'accounts cannot be read or changed'],
  gateway: ['The gateway', 'accounts cannot be read or changed'],
  witness: ['The client company’s witness', 'nobody else signs the evidence log any more'],
} as const;

function lostText(name: keyof typeof lost, how: string): string {
  const [who, what] = lost[name];
  return `\n${who} has ended by itself (${how}), and ${what}. Stop the demo with Ctrl-C and start it again: what was done is kept.\n`;
}

function readPort(text: string): number {
  const port = /^\d{4,5}$/.test(text) ? Number(text) : 0;
  if (port < 1024 || port > 65_000) throw new Error('--port takes a number from 1024 to 65000.');
  return port;
}

/** The demo is worth having without windows, too. */
async function tryWindows(company: Company, directory: string): Promise<() => Promise<void>> {
  try {
    return await openWindows(company, directory);
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    say(
      `No window could be opened: ${first}\nIs there a screen (DISPLAY)? The demo runs on without.\n`,
    );
    return async () => {};
  }
}
