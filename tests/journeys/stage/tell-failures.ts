import { beforeEach } from 'vitest';
import type { Stage } from './open-stage.ts';

/**
 * When a step fails, prints what everybody had on the screen. In a story, where each step stands on
 * the one before, the later ones are skipped.
 */
export function tellFailures(stageOf: () => Stage | undefined, isStory = true): void {
  const broken = new Set<string>();
  beforeEach(({ onTestFailed, skip, task }) => {
    const story = task.suite?.name ?? '';
    if (broken.has(story)) skip('an earlier step of the story failed');
    onTestFailed(async () => {
      if (isStory && story !== '') broken.add(story);
      const pages =
        stageOf()
          ?.browser.contexts()
          .flatMap((context) => context.pages()) ?? [];
      for (const page of pages) {
        const text = await page.innerText('body').catch(() => 'nothing');
        process.stderr.write(`\n--- ${page.url()}\n${text}\n`);
      }
    });
  });
}
