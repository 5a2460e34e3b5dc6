import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where it was measured: no name, no path. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly os: string;
  /** Processes that wanted to run, over the minute before the start: above 0 the machine was shared. */
  readonly loadBefore: number;
}

/** The machine that this runs on. */
export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    os: `${type()} ${release()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
