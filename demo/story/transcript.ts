/** One line of the story: who did what, what was decided, and where the evidence of it stands. */
export interface TranscriptLine {
  readonly who: string;
  readonly what: string;
  readonly came: string;
  readonly evidenceIndex?: number | undefined;
}

/** Prints the story as it goes on, and remembers what came out otherwise than it should. */
export interface Transcript {
  chapter(title: string): void;
  line(line: TranscriptLine): void;
  /** A claim that must hold here; a broken one fails the story but does not stop it. */
  must(holds: boolean, claim: string): void;
  readonly failures: readonly string[];
  readonly lines: number;
}

/** A text that fits its column: cut at a word, and the cut is marked. */
export function shorten(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  return `${text.slice(0, charsMax - 2).replace(/\s+\S*$/, '')} …`;
}

/** @see Transcript */
export function createTranscript(print: (text: string) => void): Transcript {
  const failures: string[] = [];
  let lines = 0;
  return {
    failures,
    get lines() {
      return lines;
    },
    chapter(title) {
      print(`\n${title}\n`);
    },
    line({ who, what, came, evidenceIndex }) {
      lines += 1;
      const index = evidenceIndex === undefined ? '' : `#${evidenceIndex}`;
      print(`  ${who.padEnd(11)} ${what.padEnd(58)} ${came.padEnd(34)} ${index}\n`);
    },
    must(holds, claim) {
      if (holds) return;
      failures.push(claim);
      print(`  FAILED      ${claim}\n`);
    },
  };
}
