import { watch } from './watch.js';

const agents = document.querySelector('#agents');
const calls = document.querySelector('#calls');
const status = document.querySelector('#status');

async function ask(path, body, does) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = await response.json();
    status.textContent = answer.message;
  } catch {
    // A process that is only held up may yet carry it out.
    status.textContent = `It is not known whether it ${does}: the demo does not answer.`;
  }
  await page.redraw();
}

function row(text, label, act) {
  const item = document.createElement('li');
  const name = document.createElement('span');
  name.textContent = text;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.disabled = act === undefined;
  const press = async () => {
    button.disabled = true;
    await act();
    // Where nothing was drawn anew, this button is still there and good for another try.
    button.disabled = false;
  };
  button.addEventListener('click', () => void press());
  item.append(name, button);
  return item;
}

function empty(text) {
  const item = document.createElement('li');
  item.className = 'dim';
  item.textContent = text;
  return item;
}

function draw(state) {
  agents.replaceChildren(
    ...state.agents.map((agent) =>
      row(`${agent.displayName} — ${agent.desk}`, `Ring ${agent.displayName}`, () =>
        ask('/softphone/ring', { agentId: agent.subjectId }, 'rings'),
      ),
    ),
  );
  if (state.agents.length === 0)
    agents.append(empty('No agent is signed up yet. Onboard one first.'));
  calls.replaceChildren(
    ...state.calls.map((call) =>
      call.ended
        ? row(`${call.agentName}: ended`, 'Ended')
        : row(`${call.agentName}: the call is open`, `Hang up on ${call.agentName}`, () =>
            ask('/softphone/hang-up', { interactionId: call.interactionId }, 'hung up'),
          ),
    ),
  );
  if (state.calls.length === 0) calls.append(empty('No call yet.'));
}

const page = watch('/softphone/state', {
  everyMs: 2000,
  draw,
  onBack: () => {
    status.textContent = '';
  },
});
