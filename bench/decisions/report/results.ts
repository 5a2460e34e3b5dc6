import type { Before } from '../engines/go-live.ts';
import type { EngineResult } from '../measure-engines.ts';
import type { NetworkTable } from '../network/measure-network.ts';
import type { Machine } from './machine.ts';

/** Everything that one run found out: the JSON file, from which table and chart are written. */
export interface Results {
  /** `2026-11-21`. */
  readonly date: string;
  readonly machine: Machine;
  readonly loadAfter: number;
  readonly engines: readonly EngineResult[];
  /** cedar-wasm's strict validation of 3,000 policies, in milliseconds. */
  readonly validationMs: number;
  /** The product's release of 3,000 policies, from text to decisions, as a start has it. */
  readonly releaseMs: number;
  /** The same beside the requests of a running server, by what it did before. */
  readonly liveMs: Readonly<Record<Before, number>>;
  readonly network: readonly NetworkTable[];
}
