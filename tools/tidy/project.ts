import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { problemCodes } from '@proofline/protocol';
import { parseSource, type SourceFile } from './source-file.ts';

/** A workspace's manifest, as far as the checks look at it. */
export interface Workspace {
  /** `packages/kernel`. */
  readonly directory: string;
  readonly name: string;
  /** Subpath → file, as in `exports`. */
  readonly doors: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
}

/** Everything that the checks may look at. */
export interface Project {
  readonly sources: readonly SourceFile[];
  /** Every file of the repository that git does not ignore. */
  readonly files: ReadonlySet<string>;
  readonly workspaces: readonly Workspace[];
  /** What the root's manifest lists, for tests and tools. */
  readonly rootDependencies: ReadonlySet<string>;
  readonly problemCodes: readonly string[];
  /** The text of any file of the repository. */
  read(path: string): string;
}

/** Something that is not as STYLE.md wants it. */
export interface Finding {
  readonly path: string;
  readonly line?: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** A rule: all that is wrong with a project, in its view. */
export type Check = (project: Project) => readonly Finding[];

const SOURCE = /\.(ts|tsx|js|mjs)$/;

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

/** Reads the repository: what git tracks, and what it would. */
export function readProject(root: string): Project {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
  const files = new Map(paths.map((path) => [path, undefined]));
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return createProject([...files.keys()], read, problemCodes);
}

/** A project over any set of files; a check's test makes one from texts. */
export function createProject(
  paths: readonly string[],
  read: (path: string) => string,
  codes: readonly string[],
): Project {
  const manifests = paths.filter((path) => /^[^/]+(\/[^/]+)?\/package\.json$/.test(path));
  const root = paths.includes('package.json') ? readManifest(read('package.json')) : undefined;
  return {
    sources: paths.filter((path) => SOURCE.test(path)).map((path) => parseSource(path, read(path))),
    files: new Set(paths),
    workspaces: manifests.map((path) => toWorkspace(path, readManifest(read(path)))),
    rootDependencies: new Set([
      ...Object.keys(root?.dependencies ?? {}),
      ...Object.keys(root?.devDependencies ?? {}),
    ]),
    problemCodes: codes,
    read,
  };
}

type Manifest = z.infer<typeof manifestSchema>;

function readManifest(text: string): Manifest {
  return manifestSchema.parse(JSON.parse(text));
}

function toWorkspace(path: string, manifest: Manifest): Workspace {
  return {
    directory: path.slice(0, -'/package.json'.length),
    name: manifest.name,
    doors: new Map(Object.entries(manifest.exports ?? {})),
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
  };
}
