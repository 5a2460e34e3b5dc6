import type { Check, Finding, Project } from '../project.ts';
import { isTest, resolveImport, roomOf } from '../rooms.ts';
import type { Import, SourceFile } from '../source-file.ts';

/** A room is entered through its index, by its name, and only when its manifest says so. */
export const roomDoors: Check = (project) =>
  project.sources.flatMap((file) =>
    file.imports.flatMap((imported) => findingFor(project, file, imported) ?? []),
  );

function findingFor(project: Project, file: SourceFile, imported: Import): Finding | undefined {
  const target = resolveImport(project, file, imported.specifier);
  const at = { path: file.path, line: imported.line };
  const room = roomOf(file.path);
  if (target.kind === 'room' && target.workspace.directory !== room) {
    if (target.workspace.doors.has(target.subpath)) return undefined;
    const doors = [...target.workspace.doors.keys()].join(', ');
    return {
      ...at,
      message: `“${imported.specifier}” is no door of ${target.workspace.name} (${doors}): export it there`,
    };
  }
  if (target.kind !== 'file' || roomOf(target.path) === room) return undefined;
  // A test may use the common harness, and a journey may look anywhere.
  if (isTest(file.path)) return undefined;
  const owner = project.workspaces.find(({ directory }) => directory === roomOf(target.path));
  if (!owner) return undefined;
  return { ...at, message: `a path into another room: import “${owner.name}” by its name` };
}
