import { parsePolicies, type Policy, type Schema } from '@proofline/cedar';
import { schemaOf } from './read-schema-text.ts';

/** A release as an engine takes it: texts that were parsed and validated already. */
export interface EngineSource {
  /** Names the set. */
  readonly digest: string;
  /** The Cedar schema. */
  readonly schema: string;
  /** Policy id → its Cedar text. */
  readonly policies: Readonly<Record<string, string>>;
}

/** The texts of a release as our engine has them. */
export interface ReadSource {
  readonly schema: Schema;
  /** By id. */
  readonly policies: ReadonlyMap<string, Policy>;
}

/** As many policies are read before others have their turn. */
const SLICE = 25;

/** Reads texts that were validated before, with `turn` awaited between slices of the work. */
export async function readSource(
  { schema, policies }: EngineSource,
  turn: () => Promise<unknown>,
): Promise<ReadSource> {
  const read = new Map<string, Policy>();
  for (const [id, cedar] of Object.entries(policies)) {
    if (read.size % SLICE === 0) await turn();
    read.set(id, policyOf(cedar));
  }
  await turn();
  return { schema: schemaOf(schema), policies: read };
}

/** The policy of a text that was validated before. */
export function policyOf(cedar: string): Policy {
  const [parsed] = parsePolicies(cedar);
  if (parsed === undefined) throw new Error('a validated policy could not be read');
  return parsed.policy;
}
