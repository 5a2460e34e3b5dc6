import { parseArgs } from 'node:util';

/** What stood after a verb that is about one thing. */
export interface Words {
  readonly target: string;
  readonly note: string | undefined;
  readonly hours: number;
  readonly isStrict: boolean;
  readonly isJson: boolean;
}

const all = {
  json: { type: 'boolean' },
  note: { type: 'string' },
  hours: { type: 'string' },
  strict: { type: 'boolean' },
} as const;

/**
 * Reads `TARGET` and the options that a verb has.
 *
 * @param verb the options that it takes, and how many hours it means when none are named
 */
export function readWords(
  parameters: readonly string[],
  verb: {
    readonly options: readonly ('note' | 'hours' | 'strict')[];
    readonly hours?: { readonly least: number; readonly most: number };
  },
): Words | undefined {
  let parsed;
  try {
    parsed = parseArgs({ args: [...parameters], options: all, allowPositionals: true });
  } catch {
    return undefined;
  }
  const takes = (name: string) => name === 'json' || verb.options.some((one) => one === name);
  if (!Object.keys(parsed.values).every(takes)) return undefined;
  const [target, ...more] = parsed.positionals;
  const { note, hours: text = '24', strict, json } = parsed.values;
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  const { least, most } = verb.hours ?? { least: 0, most: 24 };
  if (target === undefined || more.length > 0 || hours < least || hours > most) return undefined;
  return { target, note, hours, isStrict: strict === true, isJson: json === true };
}
