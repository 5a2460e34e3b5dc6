import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countReport, countsLine } from './vitest-run.ts';

function report(...files: { status: string; tests: string[] }[]): string {
  return JSON.stringify({
    success: files.every(({ status }) => status === 'passed'),
    testResults: files.map(({ status, tests }) => ({
      name: join(process.cwd(), 'a.test.ts'),
      status,
      message: 'no such file\nat once',
      assertionResults: tests.map((test) => ({
        status: test,
        fullName: `it ${test}`,
        failureMessages: test === 'failed' ? ['expected 1 to be 2\nat line 3'] : null,
      })),
    })),
  });
}

describe('the counts of a test run', () => {
  it('are those of the tests', () => {
    const json = report(
      { status: 'failed', tests: ['passed', 'failed', 'skipped'] },
      { status: 'passed', tests: ['passed', 'todo', 'pending'] },
    );
    expect(countReport(json, false)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 3,
      failures: ['a.test.ts: it failed: expected 1 to be 2'],
    });
  });

  it('count a file that could not be loaded as a failure', () => {
    const json = report({ status: 'failed', tests: [] }, { status: 'passed', tests: ['passed'] });
    expect(countReport(json, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['a.test.ts: no such file'],
    });
  });

  it('count an error outside of every test as a failure', () => {
    const json = report({ status: 'passed', tests: ['passed'] });
    expect(countReport(json, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['an error outside of every test'],
    });
  });

  it('are one line', () => {
    expect(countsLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(countsLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
