import { evidenceKindNames, evidenceKinds, identityProofKinds } from '@proofline/protocol';

/** Where the page lies. */
export const evidenceKindsPage = 'docs/reference/evidence-kinds.md';

/** The page, as the contract says it. */
export function evidenceKindsText(): string {
  const areas = Map.groupBy(evidenceKindNames.toSorted(), (kind) => kind.split('.')[0] ?? kind);
  const parts = [...areas].map(([area, kinds]) => {
    const rows = kinds.map((kind) => {
      const isProof = identityProofKinds.includes(kind);
      return `| \`${kind}\` | ${evidenceKinds[kind]}${isProof ? ' **(identity proof)**' : ''} |`;
    });
    return [`## ${area}`, '', '| kind | what it says happened |', '|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return [
    '# Kinds of evidence',
    '',
    '<!-- Made by `node tools/docs/main.ts`. Do not edit. -->',
    '',
    `The closed catalogue of what the log can say, version ${evidenceKindNames.length}. It only grows: a kind that ` +
      'was written once stays readable, so the',
    'version is how many kinds there are. An entry of another kind is neither written nor read.',
    '',
    'Every entry names its causes: entries before it that led to it. A kind marked as identity proof tells ' +
      'that somebody proved',
    'who they are, by a passkey over a challenge of this server, or that a program has a key of its own. ' +
      'Behind every permitted',
    'action there is one; `proofline evidence search --orphans` and “Without a proof” on the evidence page ' +
      'look for what has none.',
    '',
    ...parts,
  ].join('\n');
}
