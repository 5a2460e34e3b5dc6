/** `npm run check`: everything that can be said about the code without running it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

interface Step {
  readonly name: string;
  /** A program of `node_modules/.bin`, or a script for this Node. */
  readonly command: readonly string[];
  /** What mends most of its findings. */
  readonly hint: string;
}

const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--pretty', 'false'], hint: '' },
  { name: 'lint', command: ['oxlint', '--type-aware', '--format=unix'], hint: 'oxlint --fix' },
  { name: 'format', command: ['oxfmt', '--check', '.'], hint: 'npm run format' },
  { name: 'tidy', command: [join(root, 'tools/tidy/main.ts')], hint: 'STYLE.md says why' },
  { name: 'unused', command: ['knip', '--no-config-hints', '--no-progress'], hint: 'delete it' },
];

interface Outcome {
  readonly step: Step;
  readonly isClean: boolean;
  readonly seconds: number;
  readonly output: string;
}

async function run(step: Step): Promise<Outcome> {
  const [program = '', ...options] = step.command;
  const isScript = program.endsWith('.ts');
  const start = performance.now();
  const child = isScript
    ? spawn(process.execPath, [program, ...options], { cwd: root })
    : spawn(binary(program), options, { cwd: root, shell: process.platform === 'win32' });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended: readonly unknown[] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  return { step, isClean: ended[0] === 0, seconds, output: output.trim() };
}

function binary(name: string): string {
  // Found from a package's own place, so that it works in a checkout whose modules lie further up.
  const modules = join(dirname(require.resolve('typescript/package.json')), '..');
  return join(modules, '.bin', name);
}

// All at once: together they take little longer than the longest.
const outcomes = await Promise.all(steps.map(run));
for (const { step, isClean, output } of outcomes) {
  if (isClean) continue;
  process.stdout.write(`\n── ${step.name} ──\n${output}\n`);
  if (step.hint !== '') process.stdout.write(`(${step.hint})\n`);
}
process.stdout.write('\n');
for (const { step, isClean, seconds } of outcomes) {
  const mark = isClean ? '✓' : '✗';
  process.stdout.write(`${mark} ${step.name.padEnd(8)} ${seconds.toFixed(1)} s\n`);
}
process.exitCode = outcomes.every(({ isClean }) => isClean) ? 0 : 1;
