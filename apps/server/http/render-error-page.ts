import { problemCodes, type ProblemCode } from '@proofline/protocol';

/**
 * A page of `docs/errors` as HTML. It knows the few forms that those pages use (headings, paragraphs,
 * lists, code) and nothing else of Markdown; whatever is not one of them stays the text that it is.
 */
export function renderErrorPage(code: ProblemCode, markdown: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${code} · Proofline</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<link rel="stylesheet" href="/docs/errors/page.css">
</head>
<body>
<main>
${blocksOf(markdown).map(renderBlock).join('\n')}
</main>
</body>
</html>
`;
}

/** The lines between blank lines and headings; a list is one block. */
function blocksOf(markdown: string): string[][] {
  const blocks: string[][] = [];
  let open: string[] | undefined;
  for (const line of markdown.trimEnd().split('\n')) {
    const isHeading = /^##? /.test(line);
    const beginsList = line.startsWith('- ') && !open?.[0]?.startsWith('- ');
    if (line === '' || isHeading || beginsList) open = undefined;
    if (line === '') continue;
    if (open) open.push(line);
    else blocks.push((open = [line]));
    if (isHeading) open = undefined;
  }
  return blocks;
}

function renderBlock(lines: readonly string[]): string {
  const [first = ''] = lines;
  if (first.startsWith('# ')) return `<h1>${renderText(first.slice(2))}</h1>`;
  if (first.startsWith('## ')) return `<h2>${renderText(first.slice(3))}</h2>`;
  if (first.startsWith('- ')) return `<ul>\n${itemsOf(lines).map(renderItem).join('\n')}\n</ul>`;
  return `<p>${renderText(lines.join(' '))}</p>`;
}

function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith('- ')) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

/** An item begins with whom it is for. */
function renderItem(item: string): string {
  const [, reader, rest] = /^([A-Z][A-Za-z ]{1,40}): (.*)$/s.exec(item) ?? [];
  return reader === undefined || rest === undefined
    ? `<li>${renderText(item)}</li>`
    : `<li><strong>${reader}:</strong> ${renderText(rest)}</li>`;
}

/** Text with `code` in it; the name of another problem leads to its page. */
function renderText(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? escape(part) : renderCode(part)))
    .join('');
}

const known = new Set<string>(problemCodes);

function renderCode(name: string): string {
  const code = `<code>${escape(name)}</code>`;
  return known.has(name) ? `<a href="/docs/errors/${name}">${code}</a>` : code;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (sign) => entities[sign] ?? sign);
}
