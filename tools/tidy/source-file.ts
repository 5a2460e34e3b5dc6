import { parseSync, type Comment, type Program } from 'oxc-parser';

/** One module that a file imports. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** A node of the syntax tree, as far as the checks look at it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** A source file, read once for all checks. */
export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly comments: readonly Comment[];
  readonly program: Program;
  readonly syntaxError: string | undefined;
  /** The line, from 1, on which a character stands. */
  lineAt(offset: number): number;
}

/** Parses a source file. A syntax error does not throw: it becomes a finding. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const imports: Import[] = [
    ...staticImports.map(({ moduleRequest, start }) => ({
      specifier: moduleRequest.value,
      line: lineAt(start),
    })),
    ...staticExports.flatMap(({ entries, start }) => {
      const specifiers = entries.flatMap((entry) => entry.moduleRequest?.value ?? []);
      return [...new Set(specifiers)].map((specifier) => ({ specifier, line: lineAt(start) }));
    }),
    ...dynamicImports.flatMap(({ moduleRequest, start }) => {
      const quoted = /^['"](.*)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
      return quoted?.[1] === undefined ? [] : [{ specifier: quoted[1], line: lineAt(start) }];
    }),
  ];
  const syntaxError = parsed.errors[0]?.message;
  return {
    path,
    text,
    imports,
    comments: parsed.comments,
    program: parsed.program,
    syntaxError,
    lineAt,
  };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Visits every node, parents first; `ancestors` has the nearest last. */
export function walk(
  root: unknown,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
): void {
  const ancestors: SyntaxNode[] = [];
  const step = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) step(item);
      return;
    }
    if (!isNode(value)) return;
    visit(value, ancestors);
    ancestors.push(value);
    for (const key of Object.keys(value)) if (key !== 'parent') step(value[key]);
    ancestors.pop();
  };
  step(root);
}

/** A member of a node when it is a node itself. */
export function child(node: SyntaxNode, member: string): SyntaxNode | undefined {
  const value = node[member];
  return isNode(value) ? value : undefined;
}

/** An identifier's name. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  const name = node?.['name'];
  return typeof name === 'string' ? name : undefined;
}
