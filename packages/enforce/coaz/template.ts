import type { Json } from '@proofline/kernel';
import { evaluateExpression } from './expression/evaluate.ts';
import { isMap } from './expression/json-values.ts';
import { parseExpression } from './expression/parse.ts';
import type { Inputs } from './expression/scope.ts';
import type { Expression } from './expression/syntax.ts';
import { MappingError } from './mapping-error.ts';

/** JSON in which some texts are expressions, all of them read beforehand. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly source: string; readonly expression: Expression }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, Template> };

/** Bounds of one mapping. */
const templateLimits = { depthMax: 8, membersMax: 200, textMaxChars: 4_000 } as const;

/**
 * Reads a template (COAZ-MCP, expressions and literals): a text that begins with `$` is an expression,
 * and with `$$` the text from its second `$` on.
 *
 * @throws MappingError
 */
export function readTemplate(value: Json, left = { members: templateLimits.membersMax as number }) {
  return readAt(value, left, 0);
}

function readAt(value: Json, left: { members: number }, depth: number): Template {
  left.members -= 1;
  if (left.members < 0 || depth > templateLimits.depthMax) {
    throw new MappingError('the mapping is larger than is read');
  }
  if (typeof value === 'string') return readText(value);
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item: Json) => readAt(item, left, depth + 1)) };
  }
  if (!isMap(value)) return { kind: 'literal', value };
  const members = new Map<string, Template>();
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw new MappingError('a member has a name that is reserved');
    if (member !== undefined) members.set(name, readAt(member, left, depth + 1));
  }
  return { kind: 'map', members };
}

function readText(text: string): Template {
  if (text.length > templateLimits.textMaxChars) throw new MappingError('a text is too long');
  if (text.startsWith('$$')) return { kind: 'literal', value: text.slice(1) };
  if (!text.startsWith('$')) return { kind: 'literal', value: text };
  return { kind: 'expression', source: text, expression: parseExpression(text.slice(1)) };
}

/** The JSON that a template makes; `undefined` where its expression yields absent. @throws MappingError */
export function resolve(template: Template, scope: Inputs): Json | undefined {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return valueOf(template, scope);
    case 'list':
      return template.items.flatMap((item) => {
        const value = resolve(item, scope);
        return value === undefined ? [] : [value];
      });
    case 'map': {
      const made: Record<string, Json> = {};
      for (const [name, member] of template.members) {
        const value = resolve(member, scope);
        if (value !== undefined) made[name] = value;
      }
      return made;
    }
  }
}

function valueOf(
  { source, expression }: Extract<Template, { kind: 'expression' }>,
  scope: Inputs,
): Json | undefined {
  try {
    return evaluateExpression(expression, scope);
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    throw new MappingError(`expression '${source}' failed: ${error.message}`);
  }
}
