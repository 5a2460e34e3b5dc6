import type pg from 'pg';

/**
 * Settings for every connection to this server, beside those that its URL asks for. The driver takes the
 * URL's alone where it has any; of two values for one setting the last is in force, and that is ours.
 */
export function withOptions(
  url: string,
  ours: string,
): Required<Pick<pg.ClientConfig, 'connectionString' | 'options'>> {
  // What the driver reads and a URL is not has no options to lose.
  if (!URL.canParse(url)) return { connectionString: url, options: ours };
  const bare = new URL(url);
  const theirs = bare.searchParams.get('options');
  bare.searchParams.delete('options');
  const options = theirs === null ? ours : `${theirs} ${ours}`;
  return { connectionString: theirs === null ? url : bare.href, options };
}
