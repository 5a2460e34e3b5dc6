import type { Check } from '../project.ts';
import { isTest } from '../rooms.ts';
import { child, nameOf, walk, type SourceFile, type SyntaxNode } from '../source-file.ts';

/** `any` is never written; `as` says beside it why the compiler cannot know. */
export const typeEscapes: Check = (project) =>
  project.sources.flatMap((file) => {
    const commented = commentedLines(file);
    const findings: { path: string; line: number; message: string }[] = [];
    walk(file.program, (node, ancestors) => {
      const line = file.lineAt(node.start);
      if (node.type === 'TSAnyKeyword') {
        findings.push({ path: file.path, line, message: '`any`: use `unknown` and look' });
      }
      if (!isAssertion(node) || isTest(file.path)) return;
      const end = file.lineAt(node.end);
      const from = file.lineAt(statementOf(node, ancestors).start) - 1;
      for (let at = from; at <= end; at += 1) if (commented.has(at)) return;
      const message = '`as` without a reason: narrow the type, or say above why it holds';
      findings.push({ path: file.path, line: end, message });
    });
    return findings;
  });

function isAssertion(node: SyntaxNode): boolean {
  if (node.type === 'TSTypeAssertion') return true;
  if (node.type !== 'TSAsExpression') return false;
  const annotation = child(node, 'typeAnnotation');
  const name = annotation && child(annotation, 'typeName');
  return nameOf(name) !== 'const';
}

function commentedLines(file: SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { start, end } of file.comments) {
    for (let line = file.lineAt(start); line <= file.lineAt(end); line += 1) lines.add(line);
  }
  return lines;
}

const STATEMENT = /(Statement|Declaration|PropertyDefinition|MethodDefinition)$/;

/** The nearest statement around a node: a reason may stand above it or within. */
function statementOf(node: SyntaxNode, ancestors: readonly SyntaxNode[]): SyntaxNode {
  return ancestors.findLast(({ type }) => STATEMENT.test(type)) ?? node;
}
