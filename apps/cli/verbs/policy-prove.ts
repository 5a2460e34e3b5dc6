import type * as prover from '@proofline/policy-prover';
import type { Proof } from '@proofline/policy-prover';
import type { Invariant, PolicySet } from '@proofline/policy';
import { exitCodes, sayJson, type Io, type Verb } from '../verb.ts';
import { faultLine, readPolicyFolder } from './policy-folder.ts';

/** Only in an installation, never in the bundle: it brings the solver. */
type Prover = typeof prover;

const PROVER = '@proofline/policy-prover';
const USAGE = 'Usage: proofline policy prove [FOLDER] [--invariant NAME] [--json]';
const marks = { holds: 'holds', broken: 'BROKEN', 'not-decided': 'NOT DECIDED' } as const;

/** Proves the invariants of a folder for every request that there can be, or shows one that breaks them. */
export const policyProve: Verb = {
  name: 'policy prove',
  usage: '[FOLDER] [--invariant NAME] [--json]',
  summary: 'Proves the invariants of a folder for every request, or shows one that breaks them.',
  async run(parameters, io) {
    const wish = readWish(parameters);
    if (wish === undefined) {
      io.complain(USAGE);
      return exitCodes.usage;
    }
    const found = await readProvable(wish, io);
    if (typeof found === 'number') return found;
    const { prove, set, invariants } = found;
    const proofs = await prove.provePolicies(set, invariants);
    if (wish.asJson) sayJson(proofs.map(plain), io);
    else sayProofs(proofs, io);
    return proofs.every(({ outcome }) => outcome === 'holds') ? exitCodes.ok : exitCodes.wrong;
  },
};

interface Wish {
  readonly folder: string;
  readonly invariant?: string;
  readonly asJson: boolean;
}

function readWish(parameters: readonly string[]): Wish | undefined {
  const words = [...parameters];
  const json = words.indexOf('--json');
  if (json >= 0) words.splice(json, 1);
  const named = words.indexOf('--invariant');
  const [, invariant] = named < 0 ? [] : words.splice(named, 2);
  const [folder = 'policies', ...more] = words;
  if (more.length > 0 || folder.startsWith('--') || (named >= 0 && invariant === undefined)) {
    return undefined;
  }
  return { folder, asJson: json >= 0, ...(invariant !== undefined && { invariant }) };
}

/** Everything that a proof needs, or the code to end with, when it was said why. */
async function readProvable({ folder, invariant: name }: Wish, io: Io) {
  const read = await readPolicyFolder(folder, io);
  const prove = await findProver(io);
  if (read === undefined || prove === undefined) return exitCodes.usage;
  const { set, faults } = read.tools.inspectRelease(read.text);
  const all = [...faults, ...read.faults.filter(({ code }) => code === 'invariant.malformed')];
  const invariants = read.text.invariants.filter((one) => name === undefined || one.name === name);
  for (const fault of all) io.say(faultLine(fault));
  if (set === undefined || all.length > 0) return exitCodes.wrong;
  if (invariants.length > 0) return { prove, set, invariants } satisfies Provable;
  const what = name === undefined ? 'no invariant' : `no invariant ‘${name}’`;
  io.complain(`There is ${what} in ${folder}/invariants.`);
  return exitCodes.usage;
}

interface Provable {
  readonly prove: Prover;
  readonly set: PolicySet;
  readonly invariants: readonly Invariant[];
}

async function findProver(io: Io): Promise<Prover | undefined> {
  try {
    // Named by a variable, so that the bundler leaves it where it is. The type is the package's own.
    return (await import(PROVER)) as Prover;
  } catch {
    io.complain('There is no prover beside this command line. Run it in an installation.');
    return undefined;
  }
}

function sayProofs(proofs: readonly Proof[], io: Io): void {
  for (const proof of proofs) {
    io.say(`${marks[proof.outcome].padEnd(12)} ${proof.invariant.name}`);
    io.say(`             ${proof.invariant.says}`);
    for (const line of detail(proof)) io.say(`             ${line}`);
  }
  const count = (outcome: Proof['outcome']) =>
    proofs.filter((proof) => proof.outcome === outcome).length;
  const [broken, open] = [count('broken'), count('not-decided')];
  if (broken + open === 0) io.say(`All ${proofs.length} invariants hold.`);
  else io.say(`Of ${proofs.length} invariants ${broken} are broken and ${open} not decided.`);
}

function detail(proof: Proof): string[] {
  if (proof.outcome === 'not-decided') return [proof.why];
  if (proof.outcome === 'holds') {
    return proof.kinds > 0 ? [] : ['The schema has no such request; it is held against the next.'];
  }
  const { permitted, refused } = proof.counterexample;
  return [
    'This is permitted:',
    ...JSON.stringify(permitted, undefined, 2).split('\n'),
    ...(refused ? ['and this is not:', ...JSON.stringify(refused, undefined, 2).split('\n')] : []),
  ];
}

function plain({ invariant, ...verdict }: Proof): object {
  return { name: invariant.name, says: invariant.says, ...verdict };
}
