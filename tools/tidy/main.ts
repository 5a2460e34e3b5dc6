/** `npm run tidy`: reads every source file and says what is not as STYLE.md wants it. */
import { join } from 'node:path';
import { exceptions } from './exceptions.ts';
import { readProject } from './project.ts';
import { runChecks } from './run-checks.ts';

/**
 * Raised as the project grows. A checker that reads nothing finds nothing: a tool of this kind once
 * passed with “0 modules” read.
 */
const FILES_MIN = 780;

const project = readProject(join(import.meta.dirname, '../..'));
const findings = runChecks(project, { exceptions, filesMin: FILES_MIN });
for (const { check, path, line, message } of findings) {
  process.stdout.write(`${path}${line === undefined ? '' : `:${line}`}  ${check}  ${message}\n`);
}
process.stdout.write(`tidy: ${project.sources.length} files read, ${findings.length} findings\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
