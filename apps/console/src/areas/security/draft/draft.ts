import type { readPolicySet } from '@proofline/protocol';
import type { z } from 'zod';

/** A set as the server shows it. */
export type PolicySet = z.output<typeof readPolicySet.reply>;
/** Path → text, as a folder of policies has them. */
export type Files = ReadonlyMap<string, string>;

/** What somebody is about to propose: files of a set, changed. A value; every change makes another. */
export interface Draft {
  /** The set that it began with, as the address names it. */
  readonly setId: string;
  /** The same in words: `release 3`. */
  readonly stands: string;
  /** Its number, where it is what was in force. */
  readonly on: number | undefined;
  readonly base: Files;
  /** Path → new text, or `undefined` where the file is to go. */
  readonly changed: ReadonlyMap<string, string | undefined>;
  readonly note: string;
}

/** How a draft differs from what it began with, in one file. */
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: string;
  readonly after: string;
}

export const SCHEMA = 'schema.cedarschema';

/** The files of a set, in the order of a folder. */
export function filesOf(set: PolicySet): Files {
  const files: [string, string][] = [
    [SCHEMA, set.schema],
    ...set.files.map(({ path, text }): [string, string] => [path, text]),
    ...set.cases.map(({ name, content }): [string, string] => [
      `cases/${name}.json`,
      asFile(content),
    ]),
    ...set.invariants.map(({ name, content }): [string, string] => [
      `invariants/${name}.json`,
      asFile(content),
    ]),
  ];
  return new Map(files);
}

function asFile(content: object): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** A draft in which nothing is changed yet. */
export function beginDraft(set: PolicySet, setId: string): Draft {
  const { release, candidate } = set;
  const stands = release
    ? `release ${release.release.sequence}`
    : `the candidate “${candidate?.note ?? setId}”`;
  const on = setId === 'live' ? release?.release.sequence : undefined;
  return { setId, stands, on, base: filesOf(set), changed: new Map(), note: '' };
}

/** The text of a file as the draft has it; `undefined` when it is not there, or is to go. */
export function textOf({ base, changed }: Draft, path: string): string | undefined {
  return changed.has(path) ? changed.get(path) : base.get(path);
}

/** Every file of the draft, without those that are to go. */
export function wholeOf({ base, changed }: Draft): Files {
  const whole = new Map(base);
  for (const [path, text] of changed) {
    if (text === undefined) whole.delete(path);
    else whole.set(path, text);
  }
  return whole;
}

/** Writes a file, or takes it away with `undefined`. What is as it was is no change. */
export function writeFile(draft: Draft, path: string, text: string | undefined): Draft {
  const changed = new Map(draft.changed);
  if (text === draft.base.get(path)) changed.delete(path);
  else changed.set(path, text);
  return { ...draft, changed };
}

/** Leaves a file as it was. */
export function restoreFile(draft: Draft, path: string): Draft {
  return writeFile(draft, path, draft.base.get(path));
}

/** Every changed file, by path. */
export function changesOf({ base, changed }: Draft): FileChange[] {
  return [...changed]
    .map(([path, text]): FileChange => ({
      path,
      change: text === undefined ? 'removed' : base.has(path) ? 'changed' : 'added',
      before: base.get(path) ?? '',
      after: text ?? '',
    }))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

/** Whether something would be lost with it. */
export function hasContent({ changed, note }: Draft): boolean {
  return changed.size > 0 || note !== '';
}

/** Files that the draft changes and that are other than when it began. */
export function movedUnder(draft: Draft, now: Files): string[] {
  return [...draft.changed.keys()].filter((path) => draft.base.get(path) !== now.get(path));
}

/** Whether what the draft stands on is still what it began with. */
export function isCurrent({ base }: Draft, now: Files): boolean {
  return base.size === now.size && [...base].every(([path, text]) => now.get(path) === text);
}

/** The same changes on another set. Where both changed a file, the draft’s text stays. */
export function moveOnto(draft: Draft, set: PolicySet): Draft {
  const moved = { ...beginDraft(set, draft.setId), note: draft.note };
  return [...draft.changed].reduce<Draft>(
    (next, [path, text]) => writeFile(next, path, text),
    moved,
  );
}

const name = '[a-z0-9]+(?:-[a-z0-9]+)*';
const kinds = [
  { pattern: /^schema\.cedarschema$/, kind: 'schema' },
  { pattern: new RegExp(`^${name}(?:/${name})+\\.cedar$`), kind: 'policies' },
  { pattern: new RegExp(`^cases/${name}\\.json$`), kind: 'case' },
  { pattern: new RegExp(`^invariants/${name}\\.json$`), kind: 'invariant' },
] as const;

/** What a file is, by its path; `undefined` when it can be none of a set. */
export type FileKind = (typeof kinds)[number]['kind'];

/** @see FileKind */
export function kindOf(path: string): FileKind | undefined {
  return kinds.find(({ pattern }) => pattern.test(path))?.kind;
}

/** What a new file begins with. */
export function beginningOf(path: string): string {
  const id = path.replace(/^.*\/|\.\w+$/g, '');
  if (kindOf(path) === 'policies') {
    const layer = path.split('/')[0] ?? '';
    return `@id("${layer}.${id}")\n@reason("")\nforbid (\n  principal,\n  action,\n  resource\n);\n`;
  }
  if (kindOf(path) === 'invariant') {
    return asFile({ name: id, says: '', because: '', about: {}, claim: { never: true } });
  }
  return asFile({
    name: id,
    because: '',
    question: {
      principal: { type: 'Staff', id: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd' },
      action: 'self:read',
      resource: { type: 'Workforce', id: '*' },
    },
    facts: { request: {} },
    expect: { effect: 'deny', forbidden: false, policies: [], remedies: [] },
  });
}
