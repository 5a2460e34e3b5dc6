import { writeFileSync } from 'node:fs';
import { evidenceKindsPage, evidenceKindsText } from './evidence-kinds.ts';

// Writes the pages of the reference that the contract says by itself.
writeFileSync(new URL(`../../${evidenceKindsPage}`, import.meta.url), evidenceKindsText());
