import { listenToFrame } from './callback-message.ts';
import { NoAnswer } from './refusal.ts';

const PATIENCE_MS = 10_000;

/** Runs an authorization in a hidden frame and answers what came back to the redirect URI. */
export function authorizeInHiddenFrame(url: string): Promise<URLSearchParams> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Session check';
  return new Promise<URLSearchParams>((resolve, reject) => {
    const stop = listenToFrame(frame, (message) => {
      if (message.type === 'proofline.height') return;
      done();
      if (message.type === 'proofline.callback') resolve(new URLSearchParams(message.search));
      else reject(new NoAnswer('the sign-in asked to start again'));
    });
    const timer = window.setTimeout(() => {
      done();
      reject(new NoAnswer('the session check took too long'));
    }, PATIENCE_MS);
    const done = () => {
      window.clearTimeout(timer);
      stop();
      frame.remove();
    };
    frame.src = url;
    document.body.append(frame);
  });
}
