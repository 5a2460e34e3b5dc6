import type { Io } from '../verb.ts';

/** Says rows in columns, under the names of their members. Nothing, where there is no row. */
export function sayTable(rows: readonly Readonly<Record<string, string>>[], io: Io): void {
  const headings = Object.keys(rows[0] ?? {});
  const lines = [headings, ...rows.map((row) => headings.map((name) => row[name] ?? ''))];
  const widths = headings.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  if (rows.length === 0) return;
  for (const line of lines) {
    io.say(
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
