import type { Check } from '../project.ts';

/** Every module has a page that says what it is for, and one door. */
export const moduleShape: Check = (project) =>
  project.workspaces
    .filter(({ directory }) => directory.startsWith('modules/'))
    .flatMap(({ directory }) =>
      ['README.md', 'index.ts']
        .filter((name) => !project.files.has(`${directory}/${name}`))
        .map((name) => ({
          path: `${directory}/${name}`,
          message: 'missing: a module has README.md (purpose, invariants, trust) and index.ts',
        })),
    );
