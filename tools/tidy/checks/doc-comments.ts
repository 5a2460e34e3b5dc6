import type { Check } from '../project.ts';
import { isTest } from '../rooms.ts';
import { child, nameOf, type SourceFile, type SyntaxNode } from '../source-file.ts';

/** Every export of a package says what it is: the package is somebody else’s documentation. */
export const docComments: Check = (project) =>
  project.sources
    .filter(({ path }) => path.startsWith('packages/') && !isTest(path))
    .flatMap((file) =>
      file.program.body.flatMap((node) => {
        if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return [];
        if (hasDocComment(file, node.start) || isSaidElsewhere(file, node.declaration)) return [];
        const [name = 'an export'] = declaredNames({ ...node.declaration });
        const line = file.lineAt(node.start);
        return [{ path: file.path, line, message: `${name} has no doc comment: say what it is` }];
      }),
    );

/**
 * A route says it in its `summary`, which the reference shows; the type that is inferred from a
 * schema of the same name has the schema's comment.
 */
function isSaidElsewhere(file: SourceFile, declaration: { start: number; end: number }): boolean {
  const text = file.text.slice(declaration.start, declaration.end);
  return (
    /= defineRoute\([^]*\bsummary:/.test(text) || /^type (\w+) = z\.infer<typeof \1>/.test(text)
  );
}

function hasDocComment(file: SourceFile, start: number): boolean {
  return file.comments.some(
    ({ type, value, end }) =>
      type === 'Block' &&
      value.startsWith('*') &&
      end <= start &&
      /^\s*$/.test(file.text.slice(end, start).replace(/^\s*\/\/.*$/gm, '')),
  );
}

function declaredNames(declaration: SyntaxNode): string[] {
  const own = nameOf(child(declaration, 'id'));
  if (own !== undefined) return [own];
  const declarations: unknown = declaration['declarations'];
  if (!Array.isArray(declarations)) return [];
  return declarations.flatMap((item: SyntaxNode) => nameOf(child(item, 'id')) ?? []);
}
