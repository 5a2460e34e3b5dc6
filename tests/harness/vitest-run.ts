import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why, a line each: a long log is read from its end. */
  readonly failures: readonly string[];
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
    if (!existsSync(report)) {
      return { passed: 0, failed: 1, skipped: 0, failures: ['vitest did not start its tests'] };
    }
    return countReport(readFileSync(report, 'utf8'), code === 0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type FileReport = z.output<typeof reportSchema>['testResults'][number];

/**
 * Adds up a report. A file that could not be loaded, and an error outside of every test, count as
 * one failure each: vitest's own totals leave them out.
 */
export function countReport(json: string, exitedWell: boolean): Counts {
  const report = reportSchema.parse(JSON.parse(json));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const failures = report.testResults.flatMap(failuresOf);
  if (failures.length === 0 && (!exitedWell || !report.success)) {
    failures.push('an error outside of every test');
  }
  return {
    passed: count('passed'),
    failed: failures.length,
    skipped: tests.length - count('passed') - count('failed'),
    failures,
  };
}

function failuresOf(file: FileReport): string[] {
  const path = relative(process.cwd(), file.name);
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && file.status === 'failed') {
    return [`${path}: ${firstLine(file.message)}`];
  }
  return failed.map((test) => `${path}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
}

function firstLine(text = 'no reason was given'): string {
  return text.split('\n', 1)[0] ?? text;
}

/** The run's last line. */
export function countsLine({ passed, failed, skipped }: Omit<Counts, 'failures'>): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
