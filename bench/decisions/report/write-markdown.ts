import { rows } from '../engines/all-contestants.ts';
import type { EngineResult } from '../measure-engines.ts';
import type { NetworkTable } from '../network/measure-network.ts';
import { sizes } from '../workload-of.ts';
import type { Results } from './results.ts';

const networkTitles: Readonly<Record<string, string>> = {
  'proofline-bare': 'Proofline, bare: nobody authenticated, nothing recorded',
  'cerbos-http': 'Cerbos, raw HTTP',
  'cerbos-grpc': 'Cerbos, gRPC (`@cerbos/grpc`)',
  'proofline-pglite': 'Proofline’s server, authenticated and recorded, PGlite',
  'proofline-postgres': 'Proofline’s server, authenticated and recorded, PostgreSQL',
};

/** The tables of one run. */
export function writeMarkdown(results: Results): string {
  const { date, machine } = results;
  return [
    `# Decisions, ${date}`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Node ${machine.node}, ${machine.os}. ` +
      `Load average ${machine.loadBefore} before and ${results.loadAfter} after: above 1, others were ` +
      'using the machine too, so that “per second of CPU” says more than “per second”.',
    '',
    `![Decisions per second of CPU](decisions-${date}.svg)`,
    '',
    'Made by `npm run bench:decisions`; what is compared, and what is not fair about it, stands in',
    '[bench/README.md](../README.md). Every engine gave the oracle’s answers before it was measured;',
    'of the slow ones only the first were compared, and the JSON says how many (`checkedRequests`).',
    '',
    '## In process, one thread',
    '',
    ...inProcess(results.engines),
    '',
    'The product’s own policies, asked the questions of its named cases:',
    '',
    ...product(results.engines),
    '',
    '## Start and memory, 3,000 policies',
    '',
    ...start(results),
    '',
    '## Over HTTP and gRPC, client and server on the same machine',
    '',
    ...results.network.flatMap(overNetwork),
  ].join('\n');
}

function inProcess(engines: readonly EngineResult[]): string[] {
  const lines = rows
    .filter((row) => !row.sizes.includes('product'))
    .map((row) => {
      const cells = sizes.map((size) => speed(find(engines, row.id, size)));
      return `| ${row.title} | ${row.namesPolicies ? 'yes' : 'no'} | ${cells.join(' | ')} |`;
    });
  return [
    'Decisions per second of CPU (per second of the clock) · p50 / p99 of one call in µs.',
    '',
    '| engine | names its policies | 60 policies | 600 | 3,000 |',
    '|---|---|---|---|---|',
    ...lines,
  ];
}

function product(engines: readonly EngineResult[]): string[] {
  const lines = rows
    .filter((row) => row.sizes.includes('product'))
    .map((row) => `| ${row.title} | ${speed(find(engines, row.id, 'product'))} |`);
  return ['| | per second of CPU (of the clock) · p50 / p99 in µs |', '|---|---|', ...lines];
}

function start({ engines, validationMs, releaseMs, liveMs, network }: Results): string[] {
  const lines = rows.flatMap((row) => {
    const result = find(engines, row.id, 3000);
    if (result === undefined || /-(raw|entities|checked)$/.test(row.id)) return [];
    const parts = result.steps.map(({ name, ms }) => `${name} ${round(ms)}`).join(', ');
    const total = result.steps.reduce((sum, { ms }) => sum + ms, 0);
    const [heap, resident] = [mib(result.heapBytes), mib(result.residentBytes)];
    return [`| ${row.title} | ${round(total)} (${parts}) | ${heap} | ${resident} |`];
  });
  const cerbos = network.find(({ policies }) => policies === 3000)?.cerbos;
  if (cerbos) {
    const resident = cerbos.residentBytes === undefined ? '–' : mib(cerbos.residentBytes);
    const title = `Cerbos ${cerbos.version}, from its start to healthy`;
    lines.push(`| ${title} | ${round(cerbos.startMs)} | – | ${resident} (whole process) |`);
  }
  return [
    '| engine | from text to live, ms | JavaScript heap, MiB | process grew by, MiB |',
    '|---|---|---|---|',
    ...lines,
    `| Proofline’s whole release: read, validated strictly, named, compiled | ${round(releaseMs)} | | |`,
    `| the same in a server that had 600 of them in force, beside its requests | ${round(liveMs.changes)} | | |`,
    `| the same in a server that had other policies, of another schema | ${round(liveMs.looked)} | | |`,
    `| the same, and nobody looked at policies since this server started | ${round(liveMs.nothing)} | | |`,
    `| cedar-wasm’s strict validation of every policy alone | ${round(validationMs)} | | |`,
  ];
}

function overNetwork({ policies, results }: NetworkTable): string[] {
  if (results.length === 0) return [];
  const columns = [...new Set(results.map((one) => `${one.decisionsPerCall} × ${one.callers}`))];
  const lines = [...Map.groupBy(results, ({ id }) => id)].map(([id, own]) => {
    const cells = columns.map((column) => {
      const one = own.find((r) => `${r.decisionsPerCall} × ${r.callers}` === column);
      if (one === undefined) return '–';
      const cpu = one.serverCpuMicroseconds;
      const times = `${millis(one.p50)} / ${millis(one.p99)}`;
      return `${count(one.perSecond)} · ${times}${cpu === undefined ? '' : ` · ${round(cpu)}`}`;
    });
    return `| ${networkTitles[id] ?? id} | ${cells.join(' | ')} |`;
  });
  const heads = columns.map((column) => {
    const [perCall, callers] = column.split(' × ');
    return `${callers} ${callers === '1' ? 'caller' : 'callers'}${perCall === '1' ? '' : `, batches of ${perCall}`}`;
  });
  return [
    `### ${policies === 'product' ? 'The product’s policies' : `${count(policies)} policies`}`,
    '',
    'Decisions per second · p50 / p99 of one call in ms · the server’s CPU for one decision in µs.',
    '',
    `| server | ${heads.join(' | ')} |`,
    `|---|${heads.map(() => '---|').join('')}`,
    ...lines,
    '',
  ];
}

function find(engines: readonly EngineResult[], id: string, policies: EngineResult['policies']) {
  return engines.find((one) => one.id === id && one.policies === policies);
}

function speed(result: EngineResult | undefined): string {
  if (result === undefined) return 'left out';
  const { perCpuSecond, perSecond, p50, p99 } = result;
  return `${count(perCpuSecond)} (${count(perSecond)}) · ${round(p50)} / ${round(p99)}`;
}

/** Three digits are more than a shared machine can hold. */
function count(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

function round(value: number): string {
  return Number(value.toPrecision(value < 10 ? 2 : 3)).toLocaleString('en-US');
}

function millis(microseconds: number): string {
  return round(microseconds / 1_000);
}

function mib(bytes: number): string {
  return round(bytes / 2 ** 20);
}
