import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/configuration.md', ROOT), 'utf8');

/** The part of the page between this heading and the next of its rank. */
function sectionOf(heading: string): string {
  const rest = page.split(`\n## ${heading}`)[1] ?? '';
  return rest.split('\n## ')[0] ?? '';
}

/** Setting → its row's cells: meaning, form, example. */
function rowsOf(section: string): Map<string, string[]> {
  const rows = section.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|(.*)\|$/gm);
  return new Map(
    [...rows].map(([, name, cells]) => [
      name!,
      // A bar inside of a cell is written `\|`.
      cells!.split(/(?<!\\)\|/).map((cell) => cell.trim()),
    ]),
  );
}

/** The members of a config file's zod schema, read from its text: `NAME: z…`. */
function settingsIn(file: string): string[] {
  const source = readFileSync(new URL(file, ROOT), 'utf8');
  return [...source.matchAll(/^\s+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /gm)].map((match) => match[1]!);
}

const apps = [
  { file: 'apps/server/config.ts', heading: 'The server', settingsMin: 20 },
  { file: 'apps/gateway/config.ts', heading: 'The gateway', settingsMin: 10 },
  { file: 'apps/witness/config.ts', heading: 'The witness', settingsMin: 6 },
  { file: 'apps/cli/server/pipeline-settings.ts', heading: 'The command line', settingsMin: 3 },
];

describe.each(apps)('the page on configuration and $file', ({ file, heading, settingsMin }) => {
  const rows = rowsOf(sectionOf(heading));
  const settings = settingsIn(file);

  it('finds the settings in the source', () => {
    expect(settings.length).toBeGreaterThanOrEqual(settingsMin);
  });

  it.each(settings)('explains %s: meaning, form, example', (name) => {
    const cells = rows.get(name);
    expect(cells, `${name} has no row in docs/reference/configuration.md`).toBeDefined();
    expect(cells).toHaveLength(3);
    for (const cell of cells ?? []) expect(cell).not.toBe('');
  });

  it('explains no setting that is gone', () => {
    expect([...rows.keys()].filter((name) => !settings.includes(name))).toEqual([]);
  });
});
