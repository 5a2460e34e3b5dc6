import { linkAgain, type HashChain } from './hash-chain.ts';
import { bodies, chain, changeRow, editBody } from './scene.ts';

/** An attack on rows, by somebody who may write every table, and what the server’s own check says of it. */
export interface DatabaseAttack {
  readonly does: string;
  /** On a log of more than 256 entries, of which the last has a personal field. */
  readonly statement: string;
  /** Part of a sentence of `Ledger.check`. */
  readonly said: string;
  readonly chain?: () => HashChain;
}

const CHANGED = { body: editBody(6, '"acr":"phr"', '"acr":"phrh"')[6]! };

export const databaseAttacks: readonly DatabaseAttack[] = [
  {
    does: 'A leaf is edited',
    statement: `UPDATE ledger_entries SET leaf = replace(leaf, '"x"', '"y"') WHERE idx = 2`,
    said: 'Entry 2 was altered: it has another hash',
    chain: () => changeRow(6, CHANGED),
  },
  {
    does: 'A leaf and its hash become those of another entry',
    statement: `UPDATE ledger_entries SET leaf = (SELECT leaf FROM ledger_entries WHERE idx = 1),
      leaf_hash = (SELECT leaf_hash FROM ledger_entries WHERE idx = 1) WHERE idx = 2`,
    said: 'The entries do not give the root',
    chain: () => linkAgain(chain, bodies.with(6, bodies[5]!)),
  },
  {
    does: 'The kind by which an entry is found is changed, its text is not',
    statement: `UPDATE ledger_entries SET kind = 'interaction.ended' WHERE idx = 2`,
    said: 'Entry 2 has other columns than it says',
  },
  {
    does: 'The time by which an entry is found is changed, its text is not',
    statement: `UPDATE ledger_entries SET at = at - interval '1 day' WHERE idx = 2`,
    said: 'Entry 2 has other columns than it says',
  },
  {
    does: 'An entry is deleted',
    statement: `DELETE FROM ledger_entries WHERE idx = 2`,
    said: 'Entry 2 is not there',
    chain: () => ({ ...chain, rows: chain.rows.toSpliced(6, 1) }),
  },
  {
    does: 'The newest entries are deleted',
    statement: `DELETE FROM ledger_entries WHERE idx >= 2`,
    said: 'are not all there',
    chain: () => ({ ...chain, rows: chain.rows.slice(0, 6) }),
  },
  {
    does: 'An entry is added beyond the end of the log',
    statement: `INSERT INTO ledger_entries SELECT tenant, 1000000, 'evt_x', kind, at, leaf, leaf_hash
      FROM ledger_entries WHERE idx = 2`,
    said: 'Entry 1000000 stands outside of the log',
  },
  {
    does: 'Two entries exchange their numbers',
    statement: `UPDATE ledger_entries SET idx = -1 WHERE idx = 2;
      UPDATE ledger_entries SET idx = 2 WHERE idx = 3;
      UPDATE ledger_entries SET idx = 3 WHERE idx = -1`,
    said: 'Entry 2 cannot be found by all and only what it names',
  },
  {
    does: 'An entry is taken out of the index that searches go by',
    statement: `DELETE FROM ledger_refs WHERE idx = 2 AND role = 'entry'`,
    said: 'Entry 2 cannot be found',
  },
  {
    does: 'An entry is put into the index under a case that it does not name',
    statement: `INSERT INTO ledger_refs VALUES ('acme', 2, 'ref:caseId', 'cse_x')`,
    said: 'Entry 2 cannot be found',
  },
  {
    does: 'A node of the tree is changed',
    statement: `UPDATE ledger_nodes SET hash = '\\x00'`,
    said: 'Node 0 of level 8 was altered',
  },
  {
    does: 'A node of the tree is deleted',
    statement: `DELETE FROM ledger_nodes`,
    said: 'Node 0 of level 8 was altered',
  },
  {
    does: 'The checkpoint is changed',
    statement: `UPDATE ledger_head SET checkpoint = replace(checkpoint, 'acme', 'acmf')`,
    said: 'The head of the log is not the one that its checkpoint signs',
    chain: () => ({ ...chain, head: { ...chain.head, signature: 'AAAA' } }),
  },
  {
    does: 'What an entry is searched by is changed',
    statement: `UPDATE ledger_facets SET kind = 'interaction.ended' WHERE idx = 7`,
    said: 'Entry 7 is not searched by what it says',
  },
  {
    does: 'A pseudonym is pointed at somebody else',
    statement: `UPDATE ledger_pseudonyms SET subject_id = 'stf_somebody_else'`,
    said: 'was not written by this ledger',
  },
  {
    does: 'A sealed field is cut short',
    statement: `UPDATE ledger_disclosures SET sealed = substring(sealed from 2)`,
    said: 'the seal of',
  },
  {
    does: 'A sealed field is moved to another entry',
    statement: `UPDATE ledger_disclosures SET evidence_id = 'evt_other'`,
    said: 'lacks 1 of its personal fields',
  },
  {
    does: 'The key of somebody’s fields is changed',
    statement: `UPDATE ledger_keys SET sealed_key = substring(sealed_key from 2)`,
    said: 'the seal of',
  },
  {
    does: 'The key of somebody’s fields is deleted, and no erasure says so',
    statement: `DELETE FROM ledger_keys`,
    said: 'lacks 1 of its personal fields',
  },
  {
    does: 'An entry that never happened is slipped in where new ones wait',
    statement: `INSERT INTO ledger_outbox VALUES ('acme', 1, 'evt_x', '{}', 'AAAA')`,
    said: 'was not written by this ledger',
  },
];
