import type { Check } from '../project.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(property|test|config|d))*\.(ts|tsx|js|mjs)$/;
const MEANINGLESS = /^(utils?|helpers?|common|misc|shared|managers?|services?)$/;

/** A file is called like its main export, so that a stranger finds the room from the name. */
export const fileNames: Check = (project) =>
  project.sources.flatMap(({ path }) => {
    const parts = path.split('/');
    const name = parts.at(-1) ?? '';
    if (!KEBAB.test(name)) {
      return [{ path, message: 'not in kebab-case: call it like its main export' }];
    }
    // As a qualifier (`service-tokens.ts`) the word may name something of the domain.
    const last = name.replace(/\..*$/, '').split('-').at(-1) ?? '';
    const empty = [...parts.slice(0, -1), last].find((word) => MEANINGLESS.test(word));
    if (empty === undefined) return [];
    return [{ path, message: `“${empty}” says nothing: call it after what it does` }];
  });
