import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evidenceKindsPage, evidenceKindsText } from './evidence-kinds.ts';

test('the page of evidence kinds is what the contract says; node tools/docs/main.ts writes it', () => {
  const page = readFileSync(new URL(`../../${evidenceKindsPage}`, import.meta.url), 'utf8');
  expect(page).toBe(evidenceKindsText());
});
