import type { Json } from '@proofline/kernel';
import { z } from 'zod';

/**
 * What an attacker would aim at: known ids of the victim and their things by prefix (`stf`), and
 * values by the name of the member that takes them (`accountNumber`). Names go first.
 */
export type Targets = Readonly<Record<string, string>>;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  /** `{}`: nothing is valid, the member must be left out. */
  readonly not?: object;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
}

/**
 * A valid input for a contract's schema, aimed at the targets: every member present.
 *
 * @throws when the result would not be valid: then the attack would be refused for its form alone.
 */
export function sampleInput(schema: z.ZodType, targets: Targets): Json {
  const value = sample(describe(schema), targets, 0);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new Error(`no valid input of ${JSON.stringify(value)}: ${parsed.error.message}`);
  }
  return value;
}

/** A valid query: members that are needed, and those for which there is a target. */
export function sampleQuery(schema: z.ZodType, targets: Targets): string {
  const { properties = {}, required = [] } = describe(schema);
  const query = new URLSearchParams();
  for (const [name, member] of Object.entries(properties)) {
    if (!required.includes(name) && targets[name] === undefined) continue;
    const value = sample(member, targets, 1);
    query.set(name, targets[name] ?? (typeof value === 'string' ? value : JSON.stringify(value)));
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** JSON Schema 2020-12, as zod writes it. */
function describe(schema: z.ZodType): Schema {
  // zod's own type of a JSON Schema is wider than the members that are read here.
  return z.toJSONSchema(schema, { io: 'input' }) as Schema;
}

function sample(schema: Schema, targets: Targets, depth: number): Json {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0]!;
  const choice = (schema.anyOf ?? schema.oneOf)?.[0];
  if (choice !== undefined) return sample(choice, targets, depth);
  if (schema.type === 'string') return sampleText(schema, targets);
  if (schema.type === 'array') return sampleList(schema, targets, depth);
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return depth > 6 ? {} : sampleObject(schema, targets, depth);
}

function sampleList({ items, minItems = 0 }: Schema, targets: Targets, depth: number): Json {
  return Array.from({ length: minItems }, () =>
    sample(items ?? { type: 'string' }, targets, depth + 1),
  );
}

function sampleObject({ properties = {} }: Schema, targets: Targets, depth: number): Json {
  return Object.fromEntries(
    membersOf(properties).map(([name, member]) => {
      const aimed = member.type === 'string' ? targets[name] : undefined;
      return [name, aimed ?? sample(member, targets, depth + 1)];
    }),
  );
}

function membersOf(properties: Readonly<Record<string, Schema>>): [string, Schema][] {
  return Object.entries(properties).filter(([, { not }]) => not === undefined);
}

const BY_PATTERN: Readonly<Record<string, string>> = {
  '^\\d{6}$': '123456',
  '^\\d{2}$': '42',
  '^\\d{8}$': '12345678',
  '^(?:[0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$': '4k7vq-2m9xt-h3r8w-c5n1z-y6p0d',
  '^[A-Z]{1,4}-?[0-9]{1,8}$': 'EMP-1001',
  [String.raw`^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?\/[^\s#@\\*]*$`]:
    'https://tool.example/callback',
  '^[A-Za-z0-9_-]{43}$': 'A'.repeat(43),
  [String.raw`^\d{4}-(?:0[1-9]|1[0-2])$`]: '2019-01',
};

function sampleText({ format, pattern, minLength }: Schema, targets: Targets): string {
  if (format === 'date-time') return '2026-11-21T08:00:00.000Z';
  const prefix = /^\^([a-z]{3})_/.exec(pattern ?? '')?.[1];
  if (prefix !== undefined) {
    const target = targets[prefix];
    if (target === undefined) throw new Error(`no target of the form ${prefix}_…`);
    return target;
  }
  if (pattern !== undefined && BY_PATTERN[pattern] !== undefined) return BY_PATTERN[pattern];
  return 'A'.repeat(Math.max(minLength ?? 0, 12));
}
