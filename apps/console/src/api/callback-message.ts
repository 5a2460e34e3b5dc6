import { z } from 'zod';

/** The name of a frame in which anybody may sign in, and not only whoever is signed in already. */
export const SIGN_IN_FRAME = 'sign-in';

/** What a page inside our frame tells the console. */
export const FrameMessage = z.discriminatedUnion('type', [
  /** The authorization's answer, as the query of the redirect URI. */
  z.object({ type: z.literal('proofline.callback'), search: z.string().max(4096) }),
  /** The sign-in page found that its request has expired. */
  z.object({ type: z.literal('proofline.restart') }),
  /** Whoever sits here is not the person who is signed in in this browser. */
  z.object({ type: z.literal('proofline.somebody-else') }),
  /** How much room the sign-in page needs, with an error or without. */
  z.object({ type: z.literal('proofline.height'), px: z.number().int().min(1).max(1200) }),
]);
export type FrameMessage = z.infer<typeof FrameMessage>;

/** Sends a message from a framed page of ours to the console; nobody else can receive it. */
export function tellParent(message: FrameMessage): void {
  if (window.parent !== window) window.parent.postMessage(message, window.location.origin);
}

/**
 * Listens for messages of one frame; whatever comes from another window or origin is ignored.
 * Answers the function that stops listening.
 */
export function listenToFrame(
  frame: HTMLIFrameElement,
  onMessage: (message: FrameMessage) => void,
): () => void {
  const listener = (event: MessageEvent<unknown>) => {
    if (event.origin !== window.location.origin || event.source !== frame.contentWindow) return;
    const message = FrameMessage.safeParse(event.data);
    if (message.success) onMessage(message.data);
  };
  window.addEventListener('message', listener);
  return () => window.removeEventListener('message', listener);
}
