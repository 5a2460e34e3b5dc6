import type { Check } from '../project.ts';
import { child, nameOf, walk, type SourceFile, type SyntaxNode } from '../source-file.ts';

const LINES_MAX = 60;
/** A component is mostly markup; a factory is mostly the functions that it returns. */
const COMPONENT_LINES_MAX = 120;
const FACTORY_LINES_MAX = 120;
const PARAMETERS_MAX = 3;
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** A function is read without scrolling, and called without counting commas. */
export const functionSize: Check = (project) =>
  project.sources.flatMap((file) => {
    const findings: { path: string; line: number; message: string }[] = [];
    walk(file.program, (node, ancestors) => {
      if (!FUNCTIONS.has(node.type)) return;
      const parent = ancestors.at(-1);
      if (parent && isTestSuite(parent)) return;
      const line = file.lineAt(node.start);
      const name = nameOf(child(node, 'id')) ?? nameOf(parent && child(parent, 'id')) ?? '';
      const at = { path: file.path, line };
      const tooLong = judgeLength(file, node, name);
      if (tooLong !== undefined) findings.push({ ...at, message: tooLong });
      const parameters = countParameters(node);
      if (parameters > PARAMETERS_MAX) {
        const message = `${name || 'a function'} takes ${parameters} parameters (limit ${PARAMETERS_MAX}): take an options object`;
        findings.push({ ...at, message });
      }
    });
    return findings;
  });

function judgeLength(file: SourceFile, node: SyntaxNode, name: string): string | undefined {
  const lines = linesOf(file, node);
  if (lines <= LINES_MAX) return undefined;
  const isComponent = file.path.endsWith('.tsx') && /^[A-Z]/.test(name);
  const ownLines = lines - nestedLines(file, node);
  const limit = isComponent ? COMPONENT_LINES_MAX : FACTORY_LINES_MAX;
  const called = name || 'a function';
  if (lines > limit) return `${called} has ${lines} lines (limit ${limit}): split it`;
  if (isComponent || ownLines <= LINES_MAX) return undefined;
  return `${called} has ${ownLines} lines of its own (limit ${LINES_MAX}): split it`;
}

function linesOf(file: SourceFile, node: SyntaxNode): number {
  return file.lineAt(node.end) - file.lineAt(node.start) + 1;
}

/** How many lines the functions directly within a function take. */
function nestedLines(file: SourceFile, outer: SyntaxNode): number {
  let lines = 0;
  walk(outer, (node, ancestors) => {
    if (node === outer || !FUNCTIONS.has(node.type)) return;
    const isDirect = ancestors.every((around) => around === outer || !FUNCTIONS.has(around.type));
    if (isDirect) lines += linesOf(file, node) - 1;
  });
  return lines;
}

function countParameters(node: SyntaxNode): number {
  const parameters = node['params'];
  return Array.isArray(parameters) ? parameters.length : 0;
}

/** `describe('…', () => { … })` is a chapter, not a function. */
function isTestSuite(parent: SyntaxNode): boolean {
  if (parent.type !== 'CallExpression') return false;
  const callee = child(parent, 'callee');
  const inner = callee?.type === 'CallExpression' ? child(callee, 'callee') : callee;
  return nameOf(inner) === 'describe' || nameOf(inner && child(inner, 'object')) === 'describe';
}
