import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The Chromium or Chrome that the browser tests drive: the one that `PROOFLINE_CHROMIUM` or
 * `CHROME_PATH` names, else the system's, else one that Playwright has downloaded.
 */
export function findChromium(): string | undefined {
  const named = process.env['PROOFLINE_CHROMIUM'] ?? process.env['CHROME_PATH'];
  if (named !== undefined) return named;
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const inPath = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...inPath, ...ELSEWHERE, chromium.executablePath()].find(
    (path) => existsSync(path) && answersVersion(path),
  );
}

/** Ubuntu's `chromium-browser` may be a stub that only says to install a snap. */
function answersVersion(path: string): boolean {
  // Chrome on Windows and macOS opens a window instead of answering.
  if (process.platform !== 'linux') return true;
  try {
    const answer = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      timeout: 20_000,
      // Debian's starter complains about its own shell script.
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /Chrom/.test(answer);
  } catch {
    return false;
  }
}
