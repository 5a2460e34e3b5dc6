import type { Check } from '../project.ts';

/** A file that cannot be parsed was not checked by anything else either. */
export const syntax: Check = (project) =>
  project.sources.flatMap(({ path, syntaxError }) =>
    syntaxError === undefined ? [] : [{ path, message: `cannot be read: ${syntaxError}` }],
  );
