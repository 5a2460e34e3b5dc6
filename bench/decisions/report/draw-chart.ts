import { rows } from '../engines/all-contestants.ts';
import { sizes } from '../workload-of.ts';
import type { Results } from './results.ts';

const WIDTH = 760;
const LEFT = 300;
const RIGHT = 76;
const TOP = 48;
const BAR = 12;
const GAP = 14;
/** The axis, in powers of ten. */
const [FROM, TO] = [1, 7];

const style = `text{font:12px system-ui,sans-serif;fill:#1f2328}.small{font-size:10px}
.grid{stroke:#d0d7de}.s0{opacity:1}.s1{opacity:.72}.s2{opacity:.45}.ours{fill:#0b6e4f}.other{fill:#6e7781}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.ours{fill:#3fb68b}.other{fill:#8b949e}}`;

/** A bar chart of the engines in process: decisions per second of CPU, on a logarithmic axis. */
export function drawChart({ engines }: Results): string {
  const shown = rows.filter(
    ({ id, sizes: own }) => !own.includes('product') && engines.some((engine) => engine.id === id),
  );
  const step = sizes.length * BAR + GAP;
  const height = TOP + shown.length * step + 10;
  const bars = shown.map((row, index) => {
    const top = TOP + index * step;
    const lines = sizes.map((size, place) => {
      const found = engines.find(({ id, policies }) => id === row.id && policies === size);
      const value = found?.perCpuSecond ?? 0;
      const y = top + place * BAR;
      const end = Math.max(LEFT + 1, x(value));
      const tone = row.isOurs ? 'ours' : 'other';
      return (
        `<rect class="${tone} s${place}" x="${LEFT}" y="${y}" width="${(end - LEFT).toFixed(1)}" height="${BAR - 2}"/>` +
        `<text class="small" x="${(end + 4).toFixed(1)}" y="${y + 9}">${short(value)}</text>`
      );
    });
    const title = row.title.replaceAll('`', '');
    return `<text x="${LEFT - 8}" y="${top + 21}" text-anchor="end" textLength="${fit(title)}" lengthAdjust="spacingAndGlyphs">${title}</text>${lines.join('')}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img">` +
    `<title>Decisions per second of CPU, in process, with 60, 600 and 3,000 policies (logarithmic)</title>` +
    `<style>${style}</style>${grid(height)}` +
    `<text x="8" y="18">Decisions per second of CPU with 60, 600 and 3,000 policies (from top to bottom; logarithmic)</text>` +
    `${bars.join('')}</svg>\n`
  );
}

function grid(height: number): string {
  return Array.from({ length: TO - FROM + 1 }, (_, index) => {
    const value = 10 ** (FROM + index);
    const at = x(value).toFixed(1);
    return (
      `<line class="grid" x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${height - 6}"/>` +
      `<text class="small" x="${at}" y="${TOP - 12}" text-anchor="middle">${short(value)}</text>`
    );
  }).join('');
}

function x(value: number): number {
  const share = (Math.log10(Math.max(value, 10 ** FROM)) - FROM) / (TO - FROM);
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

/** Long names are set a little narrower, so that every font keeps them on the page. */
function fit(title: string): number {
  return Math.min(LEFT - 20, Math.round(title.length * 5.9));
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(2))} k`;
  return String(Number(value.toPrecision(2)));
}
