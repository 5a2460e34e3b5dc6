import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyOf, offsetOf } from './draft-body.ts';
import {
  beginDraft,
  changesOf,
  hasContent,
  isCurrent,
  filesOf,
  kindOf,
  movedUnder,
  moveOnto,
  restoreFile,
  textOf,
  writeFile,
  type PolicySet,
} from './draft.ts';
import { diffLines } from './diff-lines.ts';

function setOf(release: number, auditor: string, ...caseNames: string[]): PolicySet {
  return {
    release: { release: { sequence: release } },
    schema: 'namespace Proofline {}\n',
    files: [
      { path: 'roles/auditor.cedar', text: auditor },
      { path: 'context/session.cedar', text: 'forbid' },
    ],
    cases: caseNames.map((name) => ({ name, because: '', policies: [], content: { name } })),
    invariants: [{ name: 'held', says: '', because: '', content: { name: 'held' } }],
    // What the draft reads of a set, and no more.
  } as unknown as PolicySet;
}
const set = setOf(3, 'permit', 'reads', 'writes');
const draft = beginDraft(set, 'live');

describe('a draft', () => {
  test('is the whole set with its changed files: policies, schema and cases, added and taken away', () => {
    let next = writeFile(draft, 'roles/auditor.cedar', 'permit more');
    next = writeFile(next, 'schema.cedarschema', 'namespace Proofline { entity New; }\n');
    next = writeFile(next, 'cases/new.json', '{"name":"new"}');
    next = writeFile(next, 'cases/reads.json', undefined);
    expect(changesOf(next).map(({ path, change }) => [path, change])).toEqual([
      ['cases/new.json', 'added'],
      ['cases/reads.json', 'removed'],
      ['roles/auditor.cedar', 'changed'],
      ['schema.cedarschema', 'changed'],
    ]);
    expect(bodyOf({ ...next, note: 'More.' })).toEqual({
      body: {
        schema: 'namespace Proofline { entity New; }\n',
        files: [
          { path: 'roles/auditor.cedar', text: 'permit more' },
          { path: 'context/session.cedar', text: 'forbid' },
        ],
        cases: [{ name: 'writes' }, { name: 'new' }],
        invariants: [{ name: 'held' }],
        note: 'More.',
      },
    });
  });

  test('with everything as it was is no draft, whatever was typed in between', () => {
    const typed = writeFile(writeFile(draft, 'cases/new.json', '{}'), 'roles/auditor.cedar', 'x');
    const back = restoreFile(restoreFile(typed, 'cases/new.json'), 'roles/auditor.cedar');
    expect(hasContent(typed)).toBe(true);
    expect(hasContent(back)).toBe(false);
    expect(hasContent({ ...back, note: 'x' })).toBe(true);
  });

  test('is told in which file and where a text is no JSON, and is not sent', () => {
    const broken = writeFile(draft, 'cases/reads.json', '{\n  "name": }\n');
    const found = bodyOf(broken);
    expect(found).toMatchObject({ faults: [{ path: 'cases/reads.json', line: 2, column: 11 }] });
    expect(bodyOf(writeFile(draft, 'cases/reads.json', '{\n'))).toMatchObject({
      faults: [{ path: 'cases/reads.json', line: 2 }],
    });
  });

  test('goes with what became live meanwhile, keeps its own text, and names what both changed', () => {
    const mine = writeFile(writeFile(draft, 'roles/auditor.cedar', 'mine'), 'cases/new.json', '{}');
    const theirs = setOf(4, 'theirs', 'reads', 'writes', 'more');
    expect(isCurrent(mine, filesOf(set))).toBe(true);
    expect(isCurrent(mine, filesOf(theirs))).toBe(false);
    expect(movedUnder(mine, filesOf(theirs))).toEqual(['roles/auditor.cedar']);
    const moved = moveOnto(mine, theirs);
    expect(moved.stands).toBe('release 4');
    expect(textOf(moved, 'roles/auditor.cedar')).toBe('mine');
    expect(textOf(moved, 'cases/more.json')).toContain('more');
    expect(changesOf(moved)).toHaveLength(2);
    // What became live is what was typed: nothing is left to change.
    expect(hasContent(moveOnto(mine, setOf(5, 'mine', 'reads', 'writes')))).toBe(true);
    expect(changesOf(moveOnto(mine, setOf(5, 'mine')))).toHaveLength(1);
  });
});

test.each([
  ['schema.cedarschema', 'schema'],
  ['roles/new-role.cedar', 'policies'],
  ['cases/one-more.json', 'case'],
  ['../server.ts', undefined],
  ['roles/../../x.cedar', undefined],
  ['cases/Upper.json', undefined],
  ['readme.md', undefined],
])('the path %s is of the kind %s', (path, kind) => expect(kindOf(path)).toBe(kind));

test('a place in a text is where an editor puts the cursor', () => {
  expect(offsetOf('ab\ncd\n', 2, 2)).toBe(4);
  expect(offsetOf('ab', 9, 9)).toBe(2);
});

test('the lines of a comparison hold both texts, and only what differs is marked', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (from, to) => {
      const lines = diffLines(from.join('\n'), to.join('\n'));
      const gone = lines.filter(({ mark }) => mark === '-').map((line) => line.text);
      const come = lines.filter(({ mark }) => mark === '+').map((line) => line.text);
      // What stays is the same on both sides, in number and in kind.
      const rest = (all: readonly string[], out: readonly string[]) =>
        out.reduce((left, line) => left.toSpliced(left.indexOf(line), 1), [...all]).toSorted();
      expect(rest(from, gone)).toEqual(rest(to, come));
      if (from.join('\n') === to.join('\n')) expect(lines).toEqual([]);
    }),
    { seed: 7 },
  );
  expect(diffLines('1\n2\n3\n4\n5\n6\n', '1\n2\n3\nfour\n5\n6\n')).toEqual([
    { mark: ' ', text: '2' },
    { mark: ' ', text: '3' },
    { mark: '-', text: '4' },
    { mark: '+', text: 'four' },
    { mark: ' ', text: '5' },
    { mark: ' ', text: '6' },
  ]);
});
