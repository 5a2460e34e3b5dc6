import type { Attack } from './attack.ts';
import { copyAttacks } from './copy-attacks.ts';
import { databaseAttacks } from './database-attacks.ts';
import { disclosureAttacks, entryAttacks, type FileAttack } from './entry-attacks.ts';
import { erasureAttacks } from './erasure-attacks.ts';
import { sayOfChain } from './judge.ts';
import { checkpointAttacks, formAttacks, proofAttacks } from './proof-attacks.ts';

/** Attacks on an exported file, by what of it they change. */
export const fileAttacks: Readonly<Record<string, readonly FileAttack[]>> = {
  'The entries of an exported file': entryAttacks,
  'The personal fields in it': disclosureAttacks,
  'The proofs in it': proofAttacks,
  'The checkpoint and the key in it': checkpointAttacks,
  'How it is spelled': formAttacks,
};

type Row = Pick<Attack, 'does' | 'holds' | 'knows' | 'said'> & Partial<Pick<Attack, 'chain'>>;

/** The page `docs/explain/what-tampering-is-noticed.md`. */
export function writePage(): string {
  const stored: readonly Row[] = databaseAttacks.map(({ said, ...attack }) => ({
    ...attack,
    holds: 'the database',
    knows: 'the database’s own keys',
    said: [said],
  }));
  const parts: Readonly<Record<string, readonly Row[]>> = {
    ...fileAttacks,
    'A whole log': copyAttacks,
    'What was erased from it': erasureAttacks,
    'The rows of the database': stored,
  };
  const all = Object.values(parts).flat();
  const sections = Object.entries(parts).map(([heading, rows]) => section(heading, rows));
  return [head(all), ...sections, FOOT].join('\n');
}

function head(all: readonly Row[]): string {
  const seen = all.map((row) => sayOfChain(row)).filter((one) => one !== undefined);
  const missed = (kind: 'rows' | 'head') => seen.filter((one) => !one[kind]).length;
  return `# What tampering is noticed

${all.length} attacks on stored evidence, each made and looked at by a test, which also writes this page
(\`tests/attacks/tampering\`). All ${all.length} are noticed, without asking the server that holds the log.
Where an entry is named, it is named exactly.

Beside them the same edit on a **hash chain**: a table in which each row has the hash of the row before it,
as audit logs of other products do it, with the personal fields in clear in the row. \`rows\` is the check of
its hashes; \`signed\` has the newest hash signed as well, by a key of the application, and kept in the same
database. Of the ${seen.length} edits that a chain knows,
the rows alone miss ${missed('rows')}, and the signed kind ${missed('head')}.
${all.length - seen.length} have no counterpart: a chain has no proofs and no fields apart, so that one row of it
shows nothing to anybody who is not given every row. Whoever keeps the newest hash elsewhere notices more; then
they need all rows, again. An erasure that the law asks for looks to a chain like tampering; here
it is a state of its own, and an entry of the log says why.

**Who notices** says what somebody must know besides what they look at: nothing, the log’s key, a checkpoint
that they kept, the keys of witnesses, or the keys of the database itself (\`proofline doctor\`, also on a copy
of the database). A number is the index of an entry.
`;
}

function section(heading: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const chain = sayOfChain(row);
    const cells = [
      row.does,
      row.holds,
      row.knows,
      summary(row.said),
      chain ? word(chain.rows) : '–',
      chain ? word(chain.head) : '–',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `## ${heading}

| what is done | by whoever holds | who notices: whoever knows | what is said | rows | signed |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

/** The first things said; where every entry fails in one way, that is said once. */
function summary(said: readonly string[]): string {
  const alike = said.filter((one) => one.endsWith(' entry.not-included'));
  if (alike.length < 4) return said.map((one) => `\`${one}\``).join(' ');
  const others = said.filter((one) => !alike.includes(one)).map((one) => `\`${one}\``);
  return [...others, '`entry.not-included` at every entry'].join(' ');
}

function word(isNoticed: boolean): string {
  return isNoticed ? 'noticed' : '**missed**';
}

const FOOT = `## What is not noticed

- **A lie that was logged.** The log proves what was written and when it stood there, not that it was true.
- **What was never logged.**
- **Another history, signed with the stolen seed, shown to people who kept nothing** and ask for no witness.
  Keep checkpoints, or [name witnesses](../reference/command-line.md).
- **An older export shown as if it were the newest.** It is true as of its time, which stands in it.
- **Fields that are withheld.** The verifier counts them; it cannot say what they say.
`;
