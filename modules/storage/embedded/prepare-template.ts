import { loadTemplate, templatePath } from './template.ts';

/** Builds the embedded engine's template ahead of the first start; answers where it lies. */
export async function prepareTemplate(cacheDirectory: string): Promise<string> {
  await loadTemplate(cacheDirectory);
  return templatePath(cacheDirectory);
}
