/** A line as it is printed: what comes from a file may hold sequences that a terminal would obey. */
export function printable(line: string): string {
  return line.replace(/\p{C}/gu, '\u{fffd}');
}
