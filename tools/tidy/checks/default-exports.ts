import type { Check } from '../project.ts';

/** A default export has no name that a search could find. Configurations are asked for one. */
export const defaultExports: Check = (project) =>
  project.sources
    .filter(({ path }) => !path.endsWith('.config.ts'))
    .flatMap((file) =>
      file.program.body.flatMap((node) =>
        node.type === 'ExportDefaultDeclaration'
          ? [
              {
                path: file.path,
                line: file.lineAt(node.start),
                message: 'a default export: export it by its name',
              },
            ]
          : [],
      ),
    );
