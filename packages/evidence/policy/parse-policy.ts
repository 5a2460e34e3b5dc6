import { err, ok, type Result } from '@proofline/kernel';
import { parseWitnessKey } from '../note/cosignature.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import {
  policyLimits,
  type PolicyLog,
  type PolicyWitness,
  type Quorum,
  type WitnessPolicy,
} from './witness-policy.ts';

/**
 * Reads a policy in the text form of C2SP tlog-policy, strictly: each line ends in a newline, nothing
 * follows what a line needs, and nothing is defined twice. The error names the line.
 *
 * Names are compared as they are written, without any normalization. Keys of Ed25519 only.
 */
export function parsePolicy(text: string): Result<WitnessPolicy, string> {
  if (Buffer.byteLength(text) > policyLimits.fileMaxBytes) return err('the policy is too large');
  if (!text.isWellFormed()) return err('the policy is not UTF-8');
  if (text !== '' && !text.endsWith('\n')) return err('its last line does not end in a newline');
  const draft: Draft = { logs: [], witnesses: [], named: new Map(), taken: new Set(), groups: 0 };
  for (const [at, line] of text.split('\n').entries()) {
    const wrong = readLine(draft, line);
    if (wrong !== undefined) return err(`line ${at + 1}: ${wrong}`);
  }
  const { logs, witnesses, quorum } = draft;
  return quorum ? ok({ logs, witnesses, quorum }) : err('it has no line ‘quorum’');
}

interface Draft {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  /** Witnesses and groups, which share their names. */
  readonly named: Map<string, Quorum>;
  /** Who is a member of a group already: each counts in one way only. */
  readonly taken: Set<string>;
  groups: number;
  quorum?: Quorum;
}

/** Answers what is wrong with the line. */
type LineReader = (draft: Draft, words: readonly string[]) => string | undefined;

const readers: Readonly<Record<string, LineReader>> = {
  log: readLog,
  witness: readWitness,
  group: readGroup,
  quorum: readQuorum,
};

function readLine(draft: Draft, line: string): string | undefined {
  if (hasControls(line)) return 'it holds a control character';
  // Spaces and tabs only: what else looks like one may stand in a name.
  const words = line.split(/[ \t]+/).filter((word) => word !== '');
  const [keyword, ...rest] = words;
  if (keyword === undefined || keyword.startsWith('#')) return undefined;
  const reader = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
  return reader ? reader(draft, rest) : 'it begins with none of log, witness, group, quorum';
}

function hasControls(line: string): boolean {
  return [...line].some((character) => {
    const code = character.charCodeAt(0);
    return (code < 0x20 && code !== 0x09) || code === 0x7f;
  });
}

function readLog(draft: Draft, [text = '', url, ...more]: readonly string[]): string | undefined {
  if (draft.logs.length >= policyLimits.logsMax) return 'there are too many logs';
  const key = parseVerifierKey(text);
  if (!key) return 'the log has no Ed25519 verifier key (name+hash+key of type 0x01)';
  if (more.length > 0) return 'something follows the URL';
  if (draft.logs.some((log) => isSameKey(log.key, key))) return 'the log’s key stands there twice';
  draft.logs.push({ key, ...(url !== undefined && { url }) });
  return undefined;
}

function readWitness(
  draft: Draft,
  [name = '', text = '', url, ...more]: readonly string[],
): string | undefined {
  if (draft.witnesses.length >= policyLimits.witnessesMax) return 'there are too many witnesses';
  const unfit = whyUnfit(draft, name);
  if (unfit) return unfit;
  const key = parseWitnessKey(text);
  if (!key) return 'the witness has no Ed25519 cosignature key (name+hash+key of type 0x04)';
  if (more.length > 0) return 'something follows the URL';
  if (draft.witnesses.some((one) => isSameKey(one.key, key))) {
    return 'the witness’s key stands there twice';
  }
  draft.witnesses.push({ name, key, ...(url !== undefined && { url }) });
  draft.named.set(name, { kind: 'witness', name });
  return undefined;
}

function readGroup(
  draft: Draft,
  [name = '', rule = '', ...names]: readonly string[],
): string | undefined {
  if (draft.groups >= policyLimits.groupsMax) return 'there are too many groups';
  const unfit = whyUnfit(draft, name);
  if (unfit) return unfit;
  if (names.length === 0) return 'the group has no members';
  const threshold = thresholdOf(rule, names.length);
  if (threshold === undefined) return 'a group needs all, any, or a number of its members';
  const members: Quorum[] = [];
  for (const member of names) {
    const known = draft.named.get(member);
    if (!known) return `‘${member}’ is not defined above`;
    if (draft.taken.has(member)) return `‘${member}’ is a member of a group already`;
    draft.taken.add(member);
    members.push(known);
  }
  draft.groups += 1;
  draft.named.set(name, { kind: 'group', name, threshold, members });
  return undefined;
}

function readQuorum(draft: Draft, [name = '', ...more]: readonly string[]): string | undefined {
  if (draft.quorum) return 'there is a quorum already';
  if (more.length > 0) return 'something follows the name of the quorum';
  const quorum: Quorum | undefined = name === 'none' ? { kind: 'none' } : draft.named.get(name);
  if (!quorum) return `‘${name}’ is not defined above`;
  draft.quorum = quorum;
  return undefined;
}

function whyUnfit({ named }: Draft, name: string): string | undefined {
  if (name === '') return 'a name is missing';
  if (name === 'none') return '‘none’ is no name: it stands for no quorum';
  return named.has(name) ? `‘${name}’ is defined already` : undefined;
}

function thresholdOf(rule: string, count: number): number | undefined {
  if (rule === 'any') return 1;
  if (rule === 'all') return count;
  if (!/^[1-9][0-9]{0,2}$/.test(rule)) return undefined;
  return Number(rule) <= count ? Number(rule) : undefined;
}

/** Two names for one key would let one holder count twice. */
function isSameKey(
  left: { readonly publicKey: Uint8Array },
  right: { readonly publicKey: Uint8Array },
): boolean {
  return Buffer.compare(left.publicKey, right.publicKey) === 0;
}
