import type { CeremonyOptions, ProofContext } from '@proofline/protocol';
import { countdown } from '../page/countdown.ts';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { pollWhile } from '../page/poll.ts';
import { show } from '../page/screen.ts';
import { whileBusy } from '../page/while-busy.ts';
import { post, read, type Failure } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import type { RequestDoor } from '../ports/request-door.ts';
import { capitalized, channels, neutral, purposes, timeOfDay, whereabouts } from '../words.ts';
import { createNumberField } from './number-field.ts';
import { showOutcome, type Outcome } from './outcome.ts';

/** Many phones can share one address: how often this page asks whether it was withdrawn. */
const POLL_MS = 2000;

/** Makes what leads on after the end; called when it is needed. */
type Next = () => Node;

/** The request: who asks, for what, on which call; then the passkey, or a no. */
export function showRequest(context: ProofContext, door: RequestDoor, next?: Next): void {
  const { agentName: agent, company } = context;
  const notice = createNotice();
  const end = (outcome: Outcome) => showOutcome(outcome, context, next?.());
  const number = context.needsNumber ? createNumberField(agent) : undefined;
  const form = element(
    'form',
    { novalidate: '' },
    ...(number ? [number.node] : []),
    element('button', { type: 'submit', class: 'main' }, 'Confirm with passkey'),
  );
  onSubmit(form, async () => {
    if (number && !number.check()) return;
    notice.say('');
    await confirm(door, { matchingNumber: number?.value(), end, say: notice.say });
  });
  const decline = (because: 'not-me' | 'not-now') => async () => {
    const answer = await post(`${door.path}/decline`, { because }, door.headers);
    if (answer.ok) return end(because);
    await endOrSay(door, answer.failure, { end, say: notice.say });
  };
  show({
    title: `Are you ${whereabouts[context.channel]} with ${company}?`,
    body: [
      ...askingOf(context),
      notice.node,
      form,
      element(
        'div',
        { class: 'pair' },
        button('This is not me', decline('not-me'), 'danger'),
        button('Not now', decline('not-now')),
      ),
      countdown({
        expiresAt: context.expiresAt,
        label: 'left to answer',
        warning: `If it runs out, ask ${agent} to send a new request.`,
        onEnd: () => end('expired'),
      }),
    ],
  });
  pollWhile(form, POLL_MS, async () => {
    const answer = await read<ProofContext>(door.path, door.headers);
    if (form.isConnected && answer.ok && answer.value.state !== 'open') end(answer.value.state);
  });
}

/** Who asks, about what, since when; what a yes opens, and for how long. */
function askingOf(context: ProofContext): Node[] {
  const { agentName: agent, desk, channel, purpose } = context;
  return [
    facts([
      ['Asks', `${agent}, ${desk}`],
      ['About', capitalized(purposes[purpose])],
      ['Since', `${timeOfDay(context.callStartedAt)} (this ${channels[channel]})`],
    ]),
    element(
      'p',
      {},
      `If you confirm, ${agent} can work on ${purposes[purpose]} and sees only what that needs. It ends with this ${channels[channel]}.`,
    ),
    element('p', { class: 'check' }, `Go on only if you are talking with ${agent} at this moment.`),
  ];
}

interface Confirming {
  readonly end: (outcome: Outcome) => void;
  readonly say: (text: string) => void;
}

async function confirm(
  door: RequestDoor,
  { matchingNumber, ...confirming }: Confirming & { readonly matchingNumber: string | undefined },
): Promise<void> {
  const { path, headers } = door;
  const options = await post<CeremonyOptions>(`${path}/options`, { matchingNumber }, headers);
  if (!options.ok) return endOrSay(door, options.failure, confirming);
  const prompted = await usePasskey(options.value);
  if (!prompted.ok) {
    return confirming.say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
  }
  const answer = await post(`${path}/assertion`, prompted.answer, headers);
  if (answer.ok) return confirming.end('bound');
  await endOrSay(door, answer.failure, confirming);
}

/** What a failure means: an end of the request, or something to try again. */
async function endOrSay(
  door: RequestDoor,
  failure: Failure,
  { end, say }: Confirming,
): Promise<void> {
  if (failure === 'proof.number-wrong') return end('number-wrong');
  if (failure === 'ceremony.refused') return end('passkey-refused');
  // No answer, or an end that came from elsewhere: the server knows which, and whether an
  // assertion that got no answer was taken all the same.
  const now = await read<ProofContext>(door.path, door.headers);
  if (now.ok && now.value.state !== 'open') return end(now.value.state);
  if (failure === 'request.too-many') return say(neutral['request.too-many']);
  if (failure === 'session.ended' || failure === 'token.missing') return say(neutral.signedOut);
  say(failure === 'ceremony.expired' ? neutral.closed : neutral.network);
}

function facts(list: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...list.map(([term, value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, value)),
    ),
  );
}

/** Submits once at a time. */
function onSubmit(form: HTMLFormElement, work: () => Promise<void>): void {
  let isBusy = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    form.setAttribute('aria-busy', 'true');
    void whileBusy(form.querySelector<HTMLButtonElement>('button[type="submit"]'), work).finally(
      () => {
        isBusy = false;
        form.removeAttribute('aria-busy');
      },
    );
  });
}
