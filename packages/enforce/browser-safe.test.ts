import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('the SDK', () => {
  it('imports nothing that only Node has, so that browsers can load it', () => {
    const folder = new URL('.', import.meta.url).pathname;
    const files = globSync('**/*.ts', { cwd: folder }).filter(
      (file) => !file.endsWith('.test.ts') && !file.includes('node_modules'),
    );
    expect(files.length).toBeGreaterThan(15);
    const offending = files.filter((file) =>
      /from '(?:node:|@proofline\/kernel\/node)/.test(readFileSync(folder + file, 'utf8')),
    );
    expect(offending).toEqual([]);
  });
});
