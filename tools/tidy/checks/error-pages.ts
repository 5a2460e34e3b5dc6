import type { Check } from '../project.ts';

/** Every problem code has the page that its `type` points at, and every page has its code. */
export const errorPages: Check = (project) => {
  const pageOf = (code: string): string => `docs/errors/${code}.md`;
  const pages = new Set(project.problemCodes.map(pageOf));
  const missing = [...pages].filter((page) => !project.files.has(page));
  const orphaned = [...project.files].filter(
    (file) => /^docs\/errors\/[^/]*\..*\.md$/.test(file) && !pages.has(file),
  );
  return [
    ...missing.map((path) => ({ path, message: 'a problem code without its page: write it' })),
    ...orphaned.map((path) => ({ path, message: 'no problem has this code: delete the page' })),
  ];
};
