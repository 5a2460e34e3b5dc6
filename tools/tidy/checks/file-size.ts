import type { Check } from '../project.ts';

const LINES_MAX = 400;
/** The formatter breaks code at 100; what it cannot break, a comment or a sentence, ends here. */
const COLUMNS_MAX = 120;

/** A file is one idea, and a line fits on the screen. */
export const fileSize: Check = (project) =>
  project.sources.flatMap(({ path, text }) => {
    const lines = text.split('\n');
    const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    const tooLong =
      count > LINES_MAX
        ? [{ path, message: `${count} lines (limit ${LINES_MAX}): it holds more than one idea` }]
        : [];
    return [
      ...tooLong,
      ...lines.flatMap((line, index) => {
        if ([...line].length <= COLUMNS_MAX || isUnbreakable(line)) return [];
        return [{ path, line: index + 1, message: `longer than ${COLUMNS_MAX} characters` }];
      }),
    ];
  });

/** One literal that is itself long: a list of class names, an address, a test vector. */
function isUnbreakable(line: string): boolean {
  return /(["'`])(?:(?!\1).){80,}\1/.test(line) || /\S{80}/.test(line);
}
