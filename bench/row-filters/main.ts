/**
 * `npm run bench:row-filters`: decides a million random rows by filter, in each database, and one by
 * one, and counts the differences; then measures what a plan costs. Writes
 * `bench/results/row-filters.md`.
 *
 * Arguments: how many rows (1000000), the seed (1).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { compareRows, type Comparison } from './compare-rows.ts';
import { measurePlans, type PlanCost } from './measure-plans.ts';

const whole = new Intl.NumberFormat('en');

function describeMachine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model}, ${memory} GB, ${type()} ${release()}, Node ${process.versions.node}`;
}

function planLine({ policies, microseconds, plansPerSecond, characters }: PlanCost): string {
  const cells = [
    whole.format(policies),
    microseconds.toFixed(1),
    whole.format(Math.round(plansPerSecond)),
    characters,
  ];
  return `| ${cells.join(' | ')} |`;
}

function comparisonLine(found: Comparison): string {
  const counts = [found.decisions, found.permitted, found.policySets, found.refused];
  const cells = [...counts.map((count) => whole.format(count)), `**${found.mismatches.length}**`];
  return `| ${[found.engine, ...cells].join(' | ')} |`;
}

async function main([rows = '1000000', seed = '1']: readonly string[]): Promise<void> {
  const compared = await compareRows(Number(rows), Number(seed));
  const plans = [60, 600, 3000].map(measurePlans);
  const report = `# Row filters

Written by \`npm run bench:row-filters\`, seed ${seed}, on ${describeMachine()}.

## Right

Random rows, NULL in every column that may hold it, decided one by one by the authorizer and at once by the
database under the filter. The sets of policies are random, ill-typed and erring ones among them; of those refused,
no filter was made (it says so with an error, and nothing is shown).

| database | rows decided | permitted | sets | refused | differences |
|---|---:|---:|---:|---:|---:|
${compared.map(comparisonLine).join('\n')}

## Fast

From the question to SQL text and parameters, one core, warm, CPU time; the policies of the decisions
benchmark, the case’s facts in columns.

| policies | µs a plan | plans a second | mean SQL length |
|---:|---:|---:|---:|
${plans.map(planLine).join('\n')}
`;
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'row-filters.md'), report);
  process.stdout.write(report);
  const mismatches = compared.flatMap((found) => found.mismatches);
  for (const mismatch of mismatches.slice(0, 10)) process.stdout.write(`${mismatch}\n`);
  // The engine in memory would keep the process.
  process.exit(mismatches.length > 0 ? 1 : 0);
}

await main(process.argv.slice(2));
