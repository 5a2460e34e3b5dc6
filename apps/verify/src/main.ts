import { showConfirm } from './pages/confirm.ts';
import { showEnrol } from './pages/enrol.ts';
import { showHome } from './pages/home.ts';
import { showSignInTo } from './pages/sign-in-to.ts';
import { showRecovery } from './recovery/begin.ts';
import { showCancel } from './recovery/cancel.ts';

// The same link, opened again in the same tab, changes no more than what stands behind `#`: a browser
// does not load the page for that.
addEventListener('hashchange', () => location.reload());
// A page that the browser kept while another was shown: who is signed in may be somebody else by now.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

const signInPath = /^\/sign-in\/([A-Za-z0-9_-]{10,64})$/;
const confirmPath = /^\/confirm\/(prq_[0-9a-z]{26})$/;

/** Which page the address means. Whatever else it says is the company's own page. */
async function start(path: string): Promise<void> {
  const [, proofRequestId] = confirmPath.exec(path) ?? [];
  if (proofRequestId) return showConfirm(proofRequestId);
  const [, uid] = signInPath.exec(path) ?? [];
  if (uid) return showSignInTo(uid);
  if (path === '/enrol') return showEnrol();
  if (path === '/recovery') return showRecovery();
  if (path === '/recovery/cancel') return showCancel();
  return showHome();
}

void start(location.pathname);
