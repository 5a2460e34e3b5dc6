import type { Check } from '../project.ts';
import { isTest, isTool, resolveImport, roomOf } from '../rooms.ts';

/** What a room imports stands in its own manifest: it must work when it is installed alone. */
export const declaredImports: Check = (project) =>
  project.sources.flatMap((file) => {
    const room = roomOf(file.path);
    const workspace = project.workspaces.find(({ directory }) => directory === room);
    const mayUseRoot = !workspace || isTest(file.path) || isTool(file.path) || isConfig(file.path);
    return file.imports.flatMap(({ specifier, line }) => {
      const target = resolveImport(project, file, specifier);
      const name =
        target.kind === 'package'
          ? target.name
          : target.kind === 'room'
            ? target.workspace.name
            : undefined;
      if (name === undefined || name === workspace?.name) return [];
      if (workspace?.dependencies.has(name)) return [];
      if (mayUseRoot && (target.kind === 'room' || project.rootDependencies.has(name))) return [];
      const manifest = mayUseRoot ? 'package.json' : `${room}/package.json`;
      return [{ path: file.path, line, message: `“${name}” is not in ${manifest}: list it there` }];
    });
  });

function isConfig(path: string): boolean {
  return path.endsWith('.config.ts');
}
