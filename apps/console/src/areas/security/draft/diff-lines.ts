/** One line of a comparison. */
export interface DiffLine {
  readonly mark: '+' | '-' | ' ';
  readonly text: string;
}

/** Beyond so many compared pairs the changed middle is shown as gone and new, whole. */
const PAIRS_MAX = 400_000;
/** As many unchanged lines stand around a change. */
const AROUND = 2;

/** What differs between two texts, line by line, with a little of what is around it. */
export function diffLines(before: string, after: string): DiffLine[] {
  const from = linesOf(before);
  const to = linesOf(after);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (
    end < from.length - start &&
    end < to.length - start &&
    from.at(-1 - end) === to.at(-1 - end)
  ) {
    end += 1;
  }
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ mark: ' ', text }));
  return nearChanges([
    ...same(from.slice(0, start)),
    ...middleOf(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ...same(from.slice(from.length - end)),
  ]);
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** The longest common subsequence, by its table. */
function middleOf(from: readonly string[], to: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ mark: '-', text });
  const come = (text: string): DiffLine => ({ mark: '+', text });
  if (from.length * to.length > PAIRS_MAX) return [...from.map(gone), ...to.map(come)];
  const width = to.length + 1;
  const common = new Uint32Array((from.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = from.length - 1; row >= 0; row -= 1) {
    for (let column = to.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        from[row] === to[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < from.length || column < to.length) {
    const [left, right] = [from[row], to[column]];
    if (left !== undefined && left === right) {
      lines.push({ mark: ' ', text: left });
      row += 1;
      column += 1;
    } else if (
      left !== undefined &&
      (right === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push(gone(left));
      row += 1;
    } else {
      lines.push(come(right ?? ''));
      column += 1;
    }
  }
  return lines;
}

function nearChanges(lines: readonly DiffLine[]): DiffLine[] {
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  const isNear = new Set(
    changed.flatMap((index) =>
      Array.from({ length: 2 * AROUND + 1 }, (_, step) => index - AROUND + step),
    ),
  );
  return lines.flatMap((line, index) => {
    if (isNear.has(index)) return [line];
    // One line stands for all that are left out in this place.
    return isNear.has(index - 1) ? [{ mark: ' ', text: '…' } as const] : [];
  });
}
