import type { Download } from '../../api/console-api.ts';

/** Hands a file to the browser to be saved. */
export function saveFile({ name, blob }: Download): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read by then; without this the file stays in memory.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
