import type { Json } from '@proofline/kernel';
import { z } from 'zod';

/** Known ids of the victim and their things, by prefix: what an attacker would aim at. */
export type Targets = Readonly<Record<string, string>>;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
}

/** A valid input for a contract's schema, aimed at the targets: every member present. */
export function sampleInput(schema: z.ZodType, targets: Targets): Json {
  // zod writes JSON Schema 2020-12; the members that are read here are those of `Schema`.
  return sample(z.toJSONSchema(schema, { io: 'input' }) as Schema, targets, 0);
}

function sample(schema: Schema, targets: Targets, depth: number): Json {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0]!;
  const choice = (schema.anyOf ?? schema.oneOf)?.[0];
  if (choice !== undefined) return sample(choice, targets, depth);
  if (schema.type === 'string') return sampleText(schema, targets);
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') {
    const item = schema.items ?? { type: 'string' };
    return (schema.minItems ?? 0) > 0 ? [sample(item, targets, depth + 1)] : [];
  }
  if (schema.type !== 'object' || depth > 6) return {};
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, member]) => [
      name,
      sample(member, targets, depth + 1),
    ]),
  );
}

const BY_PATTERN: Readonly<Record<string, string>> = {
  '^\\d{6}$': '123456',
  '^\\d{2}$': '42',
  '^[A-Z]{1,4}-?[0-9]{1,8}$': 'EMP-1001',
};

function sampleText({ pattern, minLength }: Schema, targets: Targets): string {
  const prefix = /^\^([a-z]{3})_/.exec(pattern ?? '')?.[1];
  if (prefix !== undefined) {
    const target = targets[prefix];
    if (target === undefined) throw new Error(`no target of the form ${prefix}_…`);
    return target;
  }
  if (pattern !== undefined && BY_PATTERN[pattern] !== undefined) return BY_PATTERN[pattern];
  return 'A'.repeat(Math.max(minLength ?? 0, 12));
}
