/** A statement is worth a name when it has come so often. */
const USES_MIN = 5;
/** Names for one connection: each is kept in the server's memory. */
const NAMES_MAX = 200;
/** Texts that are counted before the counting begins anew: lists of varying length come without end. */
const COUNTED_MAX = 2_000;

/**
 * Names for the statements that are asked again and again: a connection then parses each of them
 * once. What is asked seldom stays without a name.
 */
export function createPreparedNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>();
  const uses = new Map<string, number>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= NAMES_MAX) return known;
    const count = (uses.get(sql) ?? 0) + 1;
    if (count < USES_MIN) {
      if (uses.size >= COUNTED_MAX) uses.clear();
      uses.set(sql, count);
      return undefined;
    }
    uses.delete(sql);
    const name = `proofline_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
