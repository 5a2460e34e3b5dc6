import type { CeremonyOptions } from '@proofline/protocol';
import { browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { field } from '../page/field.ts';
import { post } from '../ports/api.ts';
import { offeredPasskey } from '../ports/offered-passkey.ts';
import { usePasskey, type PasskeyAnswer } from '../ports/passkey.ts';
import { neutral } from '../words.ts';

interface SignIn {
  /** Asks the device, in a dialog of its own. */
  readonly ask: () => Promise<void>;
  /** Lets the browser list its passkeys in a field, where it can; one ceremony at a time. */
  readonly offer: () => Promise<void>;
}

const OPTIONS = '/api/customer/sign-in/options';

/** The customer's sign-in, by a button or by what a field in `place` offers. */
export function createSignIn(
  place: HTMLElement,
  { say, onDone }: { readonly say: (text: string) => void; readonly onDone: () => Promise<void> },
): SignIn {
  let offered = new AbortController();
  let isSending = false;
  const send = async (answer: PasskeyAnswer) => {
    isSending = true;
    const answered = await post('/api/customer/sign-in', answer);
    isSending = false;
    if (answered.ok) return onDone();
    if (answered.failure === 'network' || answered.failure === 'request.too-many') {
      say(neutral[answered.failure]);
    } else say('This passkey was not accepted. Try again, or choose another one.');
    return offer();
  };
  const offer = async () => {
    offered.abort();
    offered = new AbortController();
    const { signal } = offered;
    if (!(await browserSupportsWebAuthnAutofill()) || signal.aborted) return;
    if (!place.hasChildNodes()) place.append(listField());
    const begin = async () => {
      const options = await post<CeremonyOptions>(OPTIONS);
      return options.ok && place.isConnected ? options.value : undefined;
    };
    const answer = await offeredPasskey(begin, signal);
    if (answer && !signal.aborted) await send(answer);
  };
  const ask = async () => {
    // What was picked is on its way.
    if (isSending) return;
    offered.abort();
    say('');
    const options = await post<CeremonyOptions>(OPTIONS);
    if (!options.ok) {
      return say(
        options.failure === 'request.too-many' ? neutral[options.failure] : neutral.network,
      );
    }
    const prompted = await usePasskey(options.value);
    if (prompted.ok) return send(prompted.answer);
    if (prompted.why === 'unsupported') return say(neutral.unsupported);
    say('The passkey prompt was closed. You can open it again.');
    void offer();
  };
  return { ask, offer };
}

/**
 * Where the browser lists its passkeys (HTML §4.10.18.7.1, `webauthn`). It takes no text: there is no name to
 * give, so what is typed is dropped before anything could be made of it.
 */
function listField(): HTMLElement {
  const { node, input } = field('Passkeys of this browser', 'passkeys', {
    autocomplete: 'username webauthn',
    hint: 'Choose one where your browser lists it here. There is nothing to type.',
  });
  input.addEventListener('input', () => (input.value = ''));
  return node;
}
