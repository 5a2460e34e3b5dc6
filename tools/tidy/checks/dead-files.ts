import { posix } from 'node:path';
import type { Check, Project } from '../project.ts';
import { isTest, isTool, resolveImport, roomOf } from '../rooms.ts';
import type { SourceFile } from '../source-file.ts';

/**
 * Every file is reached from a door, a program or a test; and one of the product not from tests
 * alone, for then it does nothing there.
 */
export const deadFiles: Check = (project) => {
  const product = reach(
    project,
    project.sources.filter((file) => isEntry(project, file)),
  );
  const all = reach(
    project,
    project.sources.filter((f) => isEntry(project, f) || isTestEntry(f)),
  );
  return project.sources.flatMap(({ path }) => {
    if (product.has(path)) return [];
    if (all.has(path)) {
      if (isTest(path) || isTool(path)) return [];
      return [{ path, message: 'only tests reach it: use it, delete it, or move it to testing/' }];
    }
    return [{ path, message: 'nothing reaches it: use it or delete it' }];
  });
};

function isTestEntry({ path }: Pick<SourceFile, 'path'>): boolean {
  return /\.test\.tsx?$/.test(path);
}

function isEntry(project: Project, { path }: SourceFile): boolean {
  if (isTestEntry({ path })) return false;
  if (/(^|\/)main\.tsx?$/.test(path) || path.endsWith('.config.ts')) return true;
  const room = roomOf(path);
  const workspace = project.workspaces.find(({ directory }) => directory === room);
  const doors = [...(workspace?.doors.values() ?? [])].map((door) => posix.join(room, door));
  return doors.includes(path) || mentionedIn(project, path);
}

/** A manifest’s script, or a page’s script tag. */
function mentionedIn(project: Project, path: string): boolean {
  const pages = [...project.files].filter((file) => file.endsWith('.html'));
  const isInPage = pages.some((page) => {
    const relative = posix.relative(posix.dirname(page), path);
    const text = project.read(page);
    return [`"${relative}"`, `"./${relative}"`, `"/${relative}"`].some((src) => text.includes(src));
  });
  if (isInPage) return true;
  const manifests = [...project.files].filter((file) => posix.basename(file) === 'package.json');
  return manifests.some((manifest) => {
    const relative = posix.relative(posix.dirname(manifest), path);
    const words = project.read(manifest).split(/["\s]+/);
    return words.includes(relative) || words.includes(`./${relative}`);
  });
}

function reach(project: Project, entries: readonly SourceFile[]): ReadonlySet<string> {
  const files = new Map(project.sources.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file; file = open.pop()) {
    if (reached.has(file.path)) continue;
    reached.add(file.path);
    for (const path of leadsTo(project, file)) {
      const next = files.get(path);
      if (next) open.push(next);
    }
  }
  return reached;
}

function leadsTo(project: Project, file: SourceFile): string[] {
  const imported = file.imports.flatMap(({ specifier }) => {
    const target = resolveImport(project, file, specifier);
    if (target.kind === 'file') return [target.path];
    if (target.kind !== 'room') return [];
    const door = target.workspace.doors.get(target.subpath);
    return door === undefined ? [] : [posix.join(target.workspace.directory, door)];
  });
  // A thread or a child process is started by the address of its file.
  const started = [...file.text.matchAll(/['"`]([\w@./-]+\.(?:ts|tsx|js|mjs))['"`]/g)].flatMap(
    ([, name = '']) => [posix.join(posix.dirname(file.path), name), posix.normalize(name)],
  );
  return [...imported, ...started];
}
