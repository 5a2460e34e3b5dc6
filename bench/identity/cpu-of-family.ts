import { readdirSync, readFileSync } from 'node:fs';

/** CPU time so far of a process and its children that live (proc(5), fields 4, 14 and 15). */
export function cpuOfFamily(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [, parent, ...fields] = statOf(name);
    if (Number(name) !== pid && Number(parent) !== pid) continue;
    ticks += Number(fields[9]) + Number(fields[10]);
  }
  return ticks / 100;
}

/** From the state on; empty when the process has ended meanwhile. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
