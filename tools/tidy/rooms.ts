import { posix } from 'node:path';
import type { Project, Workspace } from './project.ts';
import type { SourceFile } from './source-file.ts';

/** The floors of the house, lowest first. A room imports only from floors below its own. */
const floors: readonly (readonly string[])[] = [
  ['packages/kernel'],
  ['packages/protocol', 'packages/cedar'],
  ['packages/assurance', 'packages/policy', 'packages/evidence', 'packages/privacy'],
  ['packages/enforce', 'packages/policy-prover'],
  ['modules/storage'],
  ['modules/ledger'],
  ['modules/decisions'],
  ['modules/sessions'],
  ['modules/workforce', 'modules/customers', 'modules/approvals'],
  ['modules/interactions', 'modules/recovery'],
  ['apps/server', 'apps/gateway', 'apps/console', 'apps/verify', 'apps/cli', 'apps/witness'],
  ['demo'],
];

/** The room's floor; `undefined` for a room that is not in the house. */
export function floorOf(room: string): number | undefined {
  const floor = floors.findIndex((rooms) => rooms.includes(room));
  return floor < 0 ? undefined : floor;
}

/** `packages/kernel/ids.ts` → `packages/kernel`; `tests/run.ts` → `tests`. */
export function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  const isGroup = first === 'packages' || first === 'modules' || first === 'apps';
  return isGroup ? `${first}/${second}` : first;
}

/** Tests and what serves only them. They may look into any room, and nothing may look into them. */
export function isTest(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) || /(^|\/)testing\//.test(path) || /^(tests|bench)\//.test(path)
  );
}

/** Programs that developers run: no part of the product. */
export function isTool(path: string): boolean {
  return path.startsWith('tools/') || path === 'vitest.config.ts';
}

/** Where an import leads. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'room'; readonly workspace: Workspace; readonly subpath: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'node' };

/** Resolves an import the way Node does, without touching the disk. */
export function resolveImport(project: Project, file: SourceFile, specifier: string): Target {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.')) {
    return { kind: 'file', path: posix.normalize(posix.join(posix.dirname(file.path), bare)) };
  }
  if (bare.startsWith('node:')) return { kind: 'node' };
  const parts = bare.split('/');
  const name = parts.slice(0, bare.startsWith('@') ? 2 : 1).join('/');
  const workspace = project.workspaces.find((candidate) => candidate.name === name);
  if (!workspace) return { kind: 'package', name };
  const rest = bare.slice(name.length);
  return { kind: 'room', workspace, subpath: rest === '' ? '.' : `.${rest}` };
}

/** The room that an import leads to, when it leaves its own. */
export function roomImported(
  project: Project,
  file: SourceFile,
  specifier: string,
): string | undefined {
  const target = resolveImport(project, file, specifier);
  const room =
    target.kind === 'room'
      ? target.workspace.directory
      : target.kind === 'file'
        ? roomOf(target.path)
        : undefined;
  return room === roomOf(file.path) ? undefined : room;
}
