import { coverWork } from './cover-work.ts';

/**
 * A browser keeps a page that was left, as it stood, for whoever goes back to it (HTML §7.4.6.2, “bfcache”).
 * What it keeps of ours shows nothing, and is loaded anew, for whoever is signed in by then.
 */
export function leaveNothingBehind(): void {
  window.addEventListener('pagehide', ({ persisted }) => {
    if (persisted) coverWork();
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) window.location.reload();
  });
}
