import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

describe('P9: the logs', () => {
  test('hold nobody’s name, number, address, token, cookie, link or key after a whole story at debug level', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'proofline-logs-'));
    const facts = join(folder, 'facts.json');
    try {
      const program = join(import.meta.dirname, 'play-with-logs.ts');
      const logs = await new Promise<string>((resolve, reject) => {
        execFile(
          process.execPath,
          [program, facts],
          { maxBuffer: 64 * 1024 * 1024, timeout: 170_000 },
          (error, stdout, stderr) =>
            error ? reject(new Error(error.message)) : resolve(`${stdout}${stderr}`),
        );
      });
      const { failures, personal, secret } = JSON.parse(readFileSync(facts, 'utf8')) as {
        failures: string[];
        personal: string[];
        secret: string[];
      };
      expect(failures).toEqual([]);
      expect(logs.split('\n').length).toBeGreaterThan(150);
      expect(secret.length).toBeGreaterThan(100);
      const found = [...personal, ...secret].filter((text) => text !== '' && logs.includes(text));
      expect(found).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
