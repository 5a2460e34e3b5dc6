import type * as policy from '@proofline/policy';
import type { DecisionCase, Invariant, ReleaseText } from '@proofline/policy';
import type { PolicyFault } from '@proofline/protocol';
import type { Io } from '../verb.ts';

/** The engine beside this command line; only in an installation, never in the bundle: it brings wasm. */
type PolicyTools = typeof policy;

const POLICY = '@proofline/policy';

/** A folder of policies as it was read. */
export interface PolicyFolder {
  readonly tools: PolicyTools;
  /** With its invariants. */
  readonly text: Required<ReleaseText>;
  readonly cases: readonly DecisionCase[];
  /** What is wrong with the files of cases and invariants themselves. */
  readonly faults: readonly PolicyFault[];
}

/** Reads a folder such as `policies/`; says why, and answers nothing, when it cannot. */
export async function readPolicyFolder(folder: string, io: Io): Promise<PolicyFolder | undefined> {
  const tools = await findTools(io);
  if (tools === undefined) return undefined;
  try {
    const files = await io.listFiles(folder);
    const read = (path: string) => io.readText(`${folder}/${path}`);
    const policies = files.filter((path) => path.endsWith('.cedar'));
    const cases: DecisionCase[] = [];
    const invariants: Invariant[] = [];
    const faults: PolicyFault[] = [];
    for (const path of files.filter((file) => /^invariants\/[^/]+\.json$/.test(file))) {
      const one = readInvariant(tools, path, await read(path));
      if ('code' in one) faults.push(one);
      else invariants.push(one);
    }
    const text = {
      schema: await read('schema.cedarschema'),
      policies: await Promise.all(policies.map(async (path) => ({ path, text: await read(path) }))),
      invariants,
    };
    for (const path of files.filter((file) => /^cases\/.*\.json$/.test(file))) {
      const one = readCase(tools, path, await read(path));
      if ('code' in one) faults.push(one);
      else cases.push(one);
    }
    return { tools, text, cases, faults };
  } catch {
    io.complain(`The folder ${folder} cannot be read, or has no schema.cedarschema.`);
    return undefined;
  }
}

async function findTools(io: Io): Promise<PolicyTools | undefined> {
  try {
    // Named by a variable, so that the bundler leaves it where it is. The type is the package's own.
    return (await import(POLICY)) as PolicyTools;
  } catch {
    io.complain('There is no policy engine beside this command line. Run it in an installation.');
    return undefined;
  }
}

function readCase(tools: PolicyTools, path: string, text: string): DecisionCase | PolicyFault {
  try {
    return tools.parseDecisionCase(JSON.parse(text));
  } catch (error) {
    return malformed('case.malformed', path, error);
  }
}

function readInvariant(tools: PolicyTools, path: string, text: string): Invariant | PolicyFault {
  try {
    return tools.parseInvariant(JSON.parse(text));
  } catch (error) {
    return malformed('invariant.malformed', path, error);
  }
}

/** Why a JSON file could not be read, as a fault. */
function malformed(code: string, path: string, error: unknown): PolicyFault {
  const words = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : '';
  // V8 says where a JSON text breaks off from being one.
  const [, line = '1', column = '1'] = /line (\d+) column (\d+)/.exec(words) ?? [];
  return { code, path, line: Number(line), column: Number(column), text: words.slice(0, 200) };
}

/** One fault as a line. */
export function faultLine({ code, path, line, column, text }: PolicyFault): string {
  const place = path === '' ? '' : `${path}:${line}:${column}  `;
  return `WRONG  ${place}${text} [${code}]`;
}
