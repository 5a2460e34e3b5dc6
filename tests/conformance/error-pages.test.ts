import { readFileSync, readdirSync } from 'node:fs';
import { problemCodes, problems } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../docs/errors/', import.meta.url);
const LINES_MAX = 25;

function linesOf(code: string): string[] {
  return readFileSync(new URL(`${code}.md`, FOLDER), 'utf8')
    .trimEnd()
    .split('\n');
}

/** What stands below the heading and the status: the part that must be of this code only. */
function bodyOf(code: string): string {
  return linesOf(code).slice(3).join('\n');
}

describe('the pages that a problem’s type points at', () => {
  it('are one per code, and none for a code that is gone', () => {
    const pages = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(problemCodes.toSorted());
  });

  it.each(problemCodes)('%s says its code, its status and its public text', (code) => {
    const [heading, , ...rest] = linesOf(code);
    expect(heading).toBe(`# \`${code}\``);
    const opening = rest.join(' ').replaceAll(/\s+/g, ' ');
    expect(opening.startsWith(`Status ${problems[code].status}. ${problems[code].text} `)).toBe(
      true,
    );
    expect(rest.length + 2).toBeLessThanOrEqual(LINES_MAX);
  });

  it.each(problemCodes)('%s names only codes that exist as related', (code) => {
    const related = linesOf(code).at(-1) ?? '';
    expect(related).toMatch(/^Related: /);
    const named = [...related.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(0);
    expect(problemCodes).toEqual(expect.arrayContaining(named));
    expect(named).not.toContain(code);
  });

  it('do not share a body', () => {
    expect(new Set(problemCodes.map(bodyOf)).size).toBe(problemCodes.length);
  });
});
