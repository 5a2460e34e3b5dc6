import type { Page } from 'playwright-core';

/** What a page complained about, and what of it a journey means to happen. */
export interface Complaints {
  /** A refusal that the journey brings about on purpose: `403 POST /api/approvals/…`. */
  expect(refusal: RegExp): void;
  /** The same, where it is a matter of chance whether it comes. */
  tolerate(refusal: RegExp): void;
  /** What nobody expected: console errors, scripts that threw, policies broken, answers of 400 and above. */
  list(): readonly string[];
  /** Which of the expected refusals never came. */
  missing(): readonly string[];
}

/** Listens to everything that a developer would see in red. */
export function createComplaints(): Complaints & { watch(page: Page): Promise<void> } {
  const found: string[] = [];
  const expected = new Set<RegExp>();
  const tolerated = new Set<RegExp>();
  return {
    expect: (refusal) => void expected.add(refusal),
    tolerate: (refusal) => void tolerated.add(refusal),
    list: () =>
      found.filter((text) => ![...expected, ...tolerated].some((refusal) => refusal.test(text))),
    missing: () => [...expected].filter((one) => !found.some((text) => one.test(text))).map(String),
    async watch(page) {
      page.on('pageerror', (error) => found.push(`script: ${error.message}`));
      page.on('console', (message) => {
        const isProblem = ['error', 'warning'].includes(message.type());
        // The answer itself is noted below, with its method and path.
        if (isProblem && !message.text().startsWith('Failed to load resource')) {
          found.push(`console: ${message.text()}`);
        }
      });
      page.on('response', (response) => {
        if (response.status() < 400) return;
        const path = new URL(response.url()).pathname;
        found.push(`${response.status()} ${response.request().method()} ${path}`);
      });
      page.on('requestfailed', (request) => {
        const reason = request.failure()?.errorText ?? 'failed';
        // The page itself let go of the request: a stream closed, a screen left.
        if (reason !== 'net::ERR_ABORTED') found.push(`${reason} ${request.url()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          // Reported as an error of the script, which is listened to above.
          reportError(new Error(`${event.violatedDirective} blocked ${event.blockedURI}`));
        });
      });
    },
  };
}
