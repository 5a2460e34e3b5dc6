/**
 * `npm run bench:decisions [-- engines | network] [--quick]`: decisions a second beside other engines,
 * on the same rules and requests. Writes table, chart and JSON into `bench/results/`; one part alone,
 * or `--quick`, only prints the table.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPeers } from '../peers/install-peers.ts';
import { measureEngines, measureStep } from './measure-engines.ts';
import type { EngineResult } from './measure-engines.ts';
import { measureOnWorkload, measureProduct, type NetworkTable } from './network/measure-network.ts';
import { drawChart } from './report/draw-chart.ts';
import { describeMachine } from './report/machine.ts';
import type { Results } from './report/results.ts';
import { writeMarkdown } from './report/write-markdown.ts';
import { sizes } from './workload-of.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const measures = (part: 'engines' | 'network') =>
  positionals.length === 0 || positionals.includes(part);
const rounds = values.quick ? 1 : 3;
const roundMs = values.quick ? 200 : 700;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const machine = describeMachine();
installPeers(say);
const engines: EngineResult[] = [];
for (const policies of measures('engines') ? ([...sizes, 'product'] as const) : []) {
  say(`In process: ${policies} …`);
  engines.push(...(await measureEngines(policies, { roundMs, rounds, say })));
}
say('Validation and release …');
const validationMs = await measureStep('validation', 3000);
const releaseMs = await measureStep('release', 3000);
const liveMs = {
  nothing: await measureStep('live-nothing', 3000),
  looked: await measureStep('live-looked', 3000),
  changes: await measureStep('live-changes', 3000),
};
const network: NetworkTable[] = [];
for (const policies of measures('network') ? sizes : []) {
  say(`Over the network: ${policies} …`);
  network.push(await measureOnWorkload(policies, { forMs: roundMs, say }));
}
if (measures('network')) {
  say('Over the network: the product’s server …');
  network.push(await measureProduct({ forMs: roundMs * 2, say }));
}

const results: Results = {
  date: new Date().toISOString().slice(0, 10),
  machine,
  loadAfter: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  engines,
  validationMs,
  releaseMs,
  liveMs,
  network,
};
say(`\n${writeMarkdown(results)}`);
if (!values.quick && positionals.length === 0) write(results);
// Clients of peers may keep a socket.
process.exit(0);

function write(found: Results): void {
  const directory = join(import.meta.dirname, '../results');
  mkdirSync(directory, { recursive: true });
  const name = join(directory, `decisions-${found.date}`);
  writeFileSync(`${name}.md`, `${writeMarkdown(found).trimEnd()}\n`);
  writeFileSync(`${name}.svg`, drawChart(found));
  writeFileSync(`${name}.json`, `${JSON.stringify(found, undefined, 2)}\n`);
  say(`Written: bench/results/decisions-${found.date}.{md,svg,json}`);
}
