import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localFetch } from './actors/local-fetch.ts';
import { startChild } from './child-process.ts';
import { freePorts, portsFrom, refuseTakenPorts } from './ports.ts';

const root = join(import.meta.dirname, '..');
/** Ten seconds are promised on a machine that does nothing else; here other tests run beside it. */
const READY_MAX_MS = 120_000;
const STOPPED_MAX_MS = 15_000;
const FREE_MAX_MS = 15_000;
/** Of a test that starts the demo twice. */
const timeout = 2 * READY_MAX_MS + 60_000;

// The command itself, as a process: `npm run demo` is `node tools/run.js demo/main.ts`.
describe('npm run demo', { timeout: 120_000 }, () => {
  let directory: string;
  let port: number;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-demo-'));
    ({ server: port } = await freePorts());
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it(
    'prints its pages, stops on Ctrl-C with exit code 0, and leaves nothing behind',
    { timeout },
    async () => {
      const demo = startDemo(directory, port);
      const text = await demo.said('Ctrl-C stops everything');
      for (const [host, at] of [
        ['staff.localhost', port],
        ['customers.localhost', port],
        ['demo.localhost', port + 30],
      ] as const) {
        const origin = `http://${host}:${at}`;
        expect(text).toContain(origin);
        expect((await localFetch(`${origin}/`)).status).toBeLessThan(400);
      }
      expect(text.match(/\/onboarding#/g)).toHaveLength(17);
      expect(existsSync(join(directory, '.proofline/demo/database/lock'))).toBe(true);
      const second = startDemo(directory, port);
      expect(await second.ended()).toBe(1);
      expect(second.text()).toMatch(
        /^This demo already runs \(process \d+\)\. Stop it with Ctrl-C\.\s*$/,
      );

      expect(await demo.stop('SIGINT')).toBe(0);
      expect(existsSync(join(directory, '.proofline/demo/database/lock'))).toBe(false);
      await expectFree(port);
    },
  );

  it(
    'killed outright, takes its children along, and starts again over what it left',
    { timeout },
    async () => {
      const killed = startDemo(directory, port);
      await killed.said('Ctrl-C stops everything');
      expect(await killed.stop('SIGKILL')).toBe(null);
      await expectFree(port);
      const again = startDemo(directory, port);
      await again.said('Ctrl-C stops everything');
      expect(await again.stop('SIGTERM')).toBe(0);
    },
  );

  it('says in one sentence which port is taken, and starts nothing', async () => {
    const other = createServer();
    // The last of the four: whatever was started before it would be left over.
    await new Promise<void>((resolve) => other.listen(port + 30, '127.0.0.1', () => resolve()));
    try {
      const demo = startDemo(directory, port);
      expect(await demo.ended()).toBe(1);
      expect(demo.text().trim()).toMatch(
        new RegExp(`^Port ${port + 30} is in use by another program`),
      );
      expect(demo.text().trim().split('\n')).toHaveLength(1);
      expect(existsSync(join(directory, '.proofline/demo/database/lock'))).toBe(false);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    await expectFree(port);
  });
});

describe('a process that was started beside the demo', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-child-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Listens, and then does what is given. */
  async function start(thing: string) {
    const { crm: port } = await freePorts();
    const file = join(directory, 'child.mjs');
    const listen = `(await import('node:http')).createServer().listen(${port}, '127.0.0.1')`;
    writeFileSync(file, `console.log('ready');\n${listen};\n${thing}`);
    const lost: string[] = [];
    const child = await startChild({
      file,
      port,
      environment: {},
      onLost: (how) => lost.push(how),
    });
    return { child, lost };
  }

  it.each([
    ['is killed', "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300)", 'SIGKILL'],
    [
      'fails',
      "setTimeout(() => { throw new Error('the disk is full') }, 300)",
      'exit code 1: Error: the disk is full',
    ],
    ['ends', 'setTimeout(() => process.exit(3), 300)', 'exit code 3'],
  ])('and %s is told of, with how it ended', async (_what, thing, how) => {
    const { lost } = await start(thing);
    await expect.poll(() => lost, { timeout: 10_000 }).toEqual([how]);
  });

  it('and is stopped is not told of', async () => {
    const { child, lost } = await start('');
    await child.stop();
    await delay(200);
    expect(lost).toEqual([]);
  });
});

function startDemo(directory: string, port: number) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'tools/run.js'), join(root, 'demo/main.ts'), '--port', String(port)],
    { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close');
  let text = '';
  const hear = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const exitCode = async (): Promise<unknown> => {
    const [code]: unknown[] = await ended;
    return code;
  };
  return {
    text: () => text,
    ended: exitCode,
    async said(words: string): Promise<string> {
      for (let waitedMs = 0; waitedMs < READY_MAX_MS; waitedMs += 50) {
        if (text.includes(words)) return text;
        if (child.exitCode !== null) break;
        await delay(50);
      }
      child.kill('SIGKILL');
      throw new Error(`the demo did not say “${words}”: ${text}`);
    },
    async stop(signal: NodeJS.Signals): Promise<unknown> {
      const startedAt = performance.now();
      child.kill(signal);
      const code = await exitCode();
      expect(performance.now() - startedAt).toBeLessThan(STOPPED_MAX_MS);
      return code;
    },
  };
}

/** Children of a killed process notice within a moment. */
async function expectFree(port: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < FREE_MAX_MS; waitedMs += 100) {
    const isFree = await refuseTakenPorts(portsFrom(port)).then(
      () => true,
      () => false,
    );
    if (isFree) return;
    await delay(100);
  }
  await refuseTakenPorts(portsFrom(port));
}
