const agents = document.querySelector('#agents');
const calls = document.querySelector('#calls');
const status = document.querySelector('#status');
let shown = '';

async function ask(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  status.textContent = answer.message;
  await refresh();
}

function row(text, label, act) {
  const item = document.createElement('li');
  const name = document.createElement('span');
  name.textContent = text;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.disabled = act === undefined;
  button.addEventListener('click', () => {
    button.disabled = true;
    void act();
  });
  item.append(name, button);
  return item;
}

function empty(text) {
  const item = document.createElement('li');
  item.className = 'dim';
  item.textContent = text;
  return item;
}

async function refresh() {
  const answer = await fetch('/softphone/state').catch(() => undefined);
  // Not there for a moment, or stopped: what was shown stays, and it is asked again.
  if (!answer?.ok) return;
  const state = await answer.json();
  // Redrawn only when something changed, so that the focus stays where it is.
  if (JSON.stringify(state) === shown) return;
  shown = JSON.stringify(state);
  agents.replaceChildren(
    ...state.agents.map((agent) =>
      row(`${agent.displayName} — ${agent.desk}`, `Ring ${agent.displayName}`, () =>
        ask('/softphone/ring', { agentId: agent.subjectId }),
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
            ask('/softphone/hang-up', { interactionId: call.interactionId }),
          ),
    ),
  );
  if (state.calls.length === 0) calls.append(empty('No call yet.'));
}

await refresh();
setInterval(() => void refresh(), 2000);
