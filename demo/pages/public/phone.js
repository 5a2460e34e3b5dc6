const list = document.querySelector('#messages');
const search = document.querySelector('#search');
let shown = '';

function draw(message) {
  const item = document.createElement('li');
  const text = document.createElement('span');
  const to = document.createElement('strong');
  const at = new Date(message.receivedAtMs).toLocaleTimeString('en-GB');
  to.textContent = `${at} · ${message.owner} · ${message.to}`;
  const body = document.createElement('div');
  body.textContent = message.text;
  text.append(to, body);
  item.append(text);
  if (message.link) {
    const link = document.createElement('a');
    link.href = message.link;
    link.target = '_blank';
    link.rel = 'noreferrer';
    link.textContent = 'Open the link';
    item.append(link);
  }
  return item;
}

async function refresh() {
  const answer = await fetch('/phone/messages').catch(() => undefined);
  // Not there for a moment, or stopped: what was shown stays, and it is asked again.
  if (!answer?.ok) return;
  const { messages } = await answer.json();
  const wanted = search.value.trim().toLowerCase();
  const matching = messages.filter((message) =>
    `${message.owner} ${message.to}`.toLowerCase().includes(wanted),
  );
  if (JSON.stringify(matching) === shown) return;
  shown = JSON.stringify(matching);
  list.replaceChildren(...matching.map(draw));
  if (matching.length === 0) {
    const item = document.createElement('li');
    item.className = 'dim';
    item.textContent = wanted === '' ? 'No message yet.' : 'No message matches.';
    list.append(item);
  }
}

search.addEventListener('input', () => void refresh());
await refresh();
setInterval(() => void refresh(), 1000);
