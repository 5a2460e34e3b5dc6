import { watch } from './watch.js';

const list = document.querySelector('#messages');
const search = document.querySelector('#search');
let messages;

function item(message) {
  const entry = document.createElement('li');
  const text = document.createElement('span');
  const to = document.createElement('strong');
  const at = new Date(message.receivedAtMs).toLocaleTimeString('en-GB');
  to.textContent = `${at} · ${message.owner} · ${message.to}`;
  const body = document.createElement('div');
  body.textContent = message.text;
  text.append(to, body);
  entry.append(text);
  if (message.link) {
    const link = document.createElement('a');
    link.href = message.link;
    link.target = '_blank';
    link.rel = 'noreferrer';
    link.textContent = 'Open the link';
    entry.append(link);
  }
  return entry;
}

function draw() {
  if (!messages) return;
  const wanted = search.value.trim().toLowerCase();
  const matching = messages.filter((message) =>
    `${message.owner} ${message.to}`.toLowerCase().includes(wanted),
  );
  list.replaceChildren(...matching.map(item));
  if (matching.length > 0) return;
  const none = document.createElement('li');
  none.className = 'dim';
  none.textContent = wanted === '' ? 'No message yet.' : 'No message matches.';
  list.append(none);
}

search.addEventListener('input', draw);
watch('/phone/messages', {
  everyMs: 1000,
  draw: (state) => {
    ({ messages } = state);
    draw();
  },
});
