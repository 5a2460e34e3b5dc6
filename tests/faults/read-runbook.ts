import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);

/** The numbered steps under a heading of a runbook, each as one line. */
export function stepsOf(page: string, heading: string): readonly string[] {
  const text = readFileSync(new URL(page, FOLDER), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const [, ...parts] = section.split(/^\d+\. /m);
  // A step ends where its indented lines do.
  return parts.map((part) =>
    part
      .split(/\n(?! )/)[0]!
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

/**
 * Does what a runbook says, step by step. Each step is given in the very words of the page, so that
 * nobody changes one of the two alone.
 *
 * @throws Error when the page has other steps than these.
 */
export async function follow(
  page: string,
  heading: string,
  actions: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const written = stepsOf(page, heading);
  const done = Object.keys(actions);
  if (written.length === 0) throw new Error(`${page} has no steps under ‘${heading}’`);
  const differing = written.find((step, at) => step !== done[at]) ?? done[written.length];
  if (differing !== undefined) throw new Error(`${page} is not what is done here: ‘${differing}’`);
  for (const action of Object.values(actions)) await action();
}
