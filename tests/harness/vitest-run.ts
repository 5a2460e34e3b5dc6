import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What vitest is to run. */
export interface VitestRun {
  readonly root: string;
  /** Parts of paths; none means everything. */
  readonly filters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs vitest with its own readable output, and counts from its JSON report. */
export async function runVitest(run: VitestRun): Promise<Counts> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-report-'));
  const report = join(directory, 'report.json');
  try {
    const child = spawn(
      process.execPath,
      [
        join(run.root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...run.filters,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      {
        cwd: run.root,
        stdio: 'inherit',
        env: { ...process.env, ...run.environment },
        signal: run.signal,
      },
    );
    const [code]: unknown[] = await once(child, 'exit');
    // Without a report vitest did not get as far as a test; it has said why.
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    return countReport(readFileSync(report, 'utf8'), code === 0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Adds up a report. A file that could not be loaded, and an error outside of every test, count as
 * one failure each: vitest's own totals leave them out.
 */
export function countReport(json: string, exitedWell: boolean): Counts {
  const report = reportSchema.parse(JSON.parse(json));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses: string[]): number =>
    tests.filter(({ status }) => statuses.includes(status)).length;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const passed = count('passed');
  const failed = count('failed') + brokenFiles;
  const skipped = tests.length - passed - count('failed');
  const isUnexplained = failed === 0 && (!exitedWell || !report.success);
  return { passed, failed: isUnexplained ? 1 : failed, skipped };
}

/** The run's last line. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
