/** The script of `callback.html`: hands the answer to the console and takes it out of the address. */
// Written without imports, so that the page that sees the code loads nothing but this.
const { search, origin, pathname } = window.location;
window.history.replaceState(undefined, '', pathname);
if (window.parent !== window) {
  window.parent.postMessage({ type: 'proofline.callback', search }, origin);
}
