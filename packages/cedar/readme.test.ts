import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('the example in the README runs, and answers what it says', async () => {
  const text = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const example = /```ts\n(?<code>import [\s\S]*?)```/u.exec(text)?.groups?.['code'] ?? '';
  const said = /^\/\/ (?<answer>\{.*\})$/mu.exec(example)?.groups?.['answer'] ?? 'undefined';
  const file = join(import.meta.dirname, 'readme-example.generated.ts');
  writeFileSync(file, `${example}\nexport const said: unknown = ${said};\nexport { answer };\n`);
  try {
    // What was just written exports these two.
    const ran = (await import(file)) as { answer: unknown; said: unknown };
    expect(ran.answer).toEqual(ran.said);
  } finally {
    rmSync(file);
  }
});
