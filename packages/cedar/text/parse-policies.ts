import { slotsOf } from '../policy/link-template.ts';
import type { Condition, Policy } from '../policy/policy.ts';
import { CedarSyntaxError, positionAt, type TextPosition } from './cedar-syntax-error.ts';
import { ExpressionParser } from './expression-parser.ts';
import { parseString } from './literals.ts';
import { parseScope } from './parse-scope.ts';
import { TokenReader } from './token-reader.ts';

/** A policy or template, and where it stands in its text. */
export interface ParsedPolicy {
  readonly policy: Policy;
  /** Whether its scope has a slot, so that only links of it decide. */
  readonly isTemplate: boolean;
  /** From its first annotation to behind its semicolon, in UTF-16 code units. */
  readonly span: { readonly start: number; readonly end: number };
  /** Where it begins, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The policies of a text, in its order. */
export type ParsedPolicies = readonly ParsedPolicy[];

/** Bounds on a policy text. */
export interface ParseOptions {
  /** In UTF-16 code units; 16 Mi unless told. */
  readonly maxLength?: number;
}

const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Parses a text of policies and templates in the Cedar language 4.x. Throws a `CedarSyntaxError` at
 * the first thing that is none.
 */
export function parsePolicies(text: string, options: ParseOptions = {}): ParsedPolicies {
  checkText(text, options.maxLength ?? MAX_LENGTH);
  const reader = new TokenReader(text);
  const expressions = new ExpressionParser(reader);
  const policies: ParsedPolicy[] = [];
  let position: TextPosition | undefined;
  while (reader.kind !== 'end') {
    position = positionAt(text, reader.start, position);
    const policy = parsePolicy(reader, expressions);
    policies.push({
      policy,
      isTemplate: slotsOf(policy).length > 0,
      span: { start: position.offset, end: reader.previousEnd },
      line: position.line,
      column: position.column,
    });
  }
  return policies;
}

function checkText(text: string, maxLength: number): void {
  if (text.length > maxLength) {
    const start = { line: 1, column: 1, offset: 0 };
    throw new CedarSyntaxError('too-long', `a text may have ${maxLength} characters`, start);
  }
  if (!text.isWellFormed()) {
    const offset = text.search(/\p{Surrogate}/u);
    const message = 'this is half of a character';
    throw new CedarSyntaxError('bad-unicode', message, positionAt(text, offset));
  }
}

/** Policy := {Annotation} ('permit' | 'forbid') '(' Scope ')' {Condition} ';' */
function parsePolicy(reader: TokenReader, expressions: ExpressionParser): Policy {
  const annotations = parseAnnotations(reader);
  const { start } = reader;
  const effect = reader.identifier('“permit” or “forbid”');
  if (effect !== 'permit' && effect !== 'forbid') {
    reader.fail('bad-effect', 'a policy begins with “permit” or “forbid”', start);
  }
  const scope = parseScope(reader);
  const conditions: Condition[] = [];
  while (!reader.skip(';')) conditions.push(parseCondition(reader, expressions));
  return { effect, ...scope, conditions, annotations };
}

function parseAnnotations(reader: TokenReader): Record<string, string> {
  // Without a prototype: `__proto__` is a name like any other.
  const annotations: Record<string, string> = Object.create(null) as Record<string, string>;
  while (reader.skip('@')) {
    const { start } = reader;
    const name = reader.identifier('the name of an annotation');
    if (name in annotations) {
      reader.fail('duplicate-annotation', `this policy has “@${name}” twice`, start);
    }
    annotations[name] = '';
    if (reader.skip('(')) {
      annotations[name] = parseString(reader, 'the text of the annotation');
      reader.expect(')');
    }
  }
  return annotations;
}

function parseCondition(reader: TokenReader, expressions: ExpressionParser): Condition {
  const { start } = reader;
  const kind = reader.identifier('“when”, “unless” or “;”');
  if (kind !== 'when' && kind !== 'unless') {
    reader.fail('bad-condition', 'a condition begins with “when” or “unless”', start);
  }
  reader.expect('{');
  if (reader.kind === '}') reader.fail('bad-condition', 'a condition cannot be empty', start);
  const body = expressions.parse();
  reader.expect('}');
  return { kind, body };
}
