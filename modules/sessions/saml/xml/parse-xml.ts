import { ns } from '../names.ts';

/** An element as it was written: nothing is added, and nothing is looked up elsewhere. */
export interface XmlElement {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  /** Every prefix that is bound here, the default namespace under `''`. */
  readonly scope: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}

export interface XmlAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

/** What is not read here. `internal` says which rule; it holds nothing of the text. */
export class XmlRefused extends Error {
  readonly internal: string;
  constructor(internal: string) {
    super(`XML was refused: ${internal}`);
    this.name = 'XmlRefused';
    this.internal = internal;
  }
}

export interface XmlLimits {
  readonly charsMax: number;
  /** Metadata is written by hand too: a comment beside elements is left out, one in a value never. */
  readonly commentsBesideElements?: boolean;
}

const depthMax = 24;
const elementsMax = 2_000;
const attributesMax = 40;

const NAME = '[A-Za-z_][A-Za-z0-9._-]{0,127}';
const QNAME = `(?:(${NAME}):)?(${NAME})`;
const openTag = new RegExp(`<${QNAME}`, 'y');
const closeTag = new RegExp(`</${QNAME}[ \\t\\n]*>`, 'y');
const attribute = new RegExp(
  `[ \\t\\n]+${QNAME}[ \\t\\n]*=[ \\t\\n]*(?:"([^"<]*)"|'([^'<]*)')`,
  'y',
);
const tagEnd = /[ \t\n]*(\/?)>/y;
const text = /[^<]+/y;
const comment = /<!--(?:[^-]|-[^-])*-->/y;
const space = '[ \\t\\n]+';
const declaration = new RegExp(
  `^<\\?xml${space}version=(["'])1\\.0\\1(?:${space}encoding=(["'])[Uu][Tt][Ff]-8\\2)?(?:${space}standalone=(["'])(?:yes|no)\\3)?[ \\t\\n]*\\?>`,
);
// XML 1.0 §2.2; surrogates stand in pairs, which the `u` flag sees as one.
const noXmlChar = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The five predefined entities and characters by number: nobody can define others (no DOCTYPE). */
function decode(written: string): string {
  if (!written.includes('&')) return written;
  return written.replaceAll(/&([^;&]{0,12})(;?)/g, (_all, name: string, end: string) => {
    const known = end === ';' && Object.hasOwn(entities, name) ? entities[name] : undefined;
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(end ? name : '') ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const char = code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
    if (char === '' || noXmlChar.test(char)) throw new XmlRefused('entity');
    return char;
  });
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
  comments: boolean;
}

/** One pass over the text, with every bound counted as it goes. */
class Reader {
  readonly #text: string;
  readonly #limits: XmlLimits;
  #at: number;
  #elements = 0;

  constructor(given: string, limits: XmlLimits) {
    this.#text = given;
    this.#limits = limits;
    this.#at = declaration.exec(given)?.[0].length ?? 0;
  }

  read(): XmlElement {
    this.#space();
    const stack: OpenElement[] = [];
    for (;;) {
      const parent = stack.at(-1);
      if (parent && this.#close(parent)) {
        stack.pop();
        if (stack.length === 0) return this.#end(parent);
      } else if (!(parent && this.#readText(parent)) && !this.#skipComment(parent)) {
        const { element, empty } = this.#open(parent?.scope);
        parent?.children.push(element);
        if (empty && parent === undefined) return this.#end(element);
        if (!empty && stack.push(element) > depthMax) refuse('depth');
      }
    }
  }

  /** The end tag of this element, if it is here. */
  #close(parent: OpenElement): boolean {
    const closed = this.#match(closeTag);
    if (!closed) return false;
    if ((closed[1] ?? '') !== parent.prefix || closed[2] !== parent.local) refuse('nesting');
    // A value that a comment cuts in two is read differently by different readers (CVE-2018-0489).
    const hasText = parent.children.some((one) => typeof one === 'string' && one.trim() !== '');
    if (parent.comments && hasText) refuse('comment');
    return true;
  }

  #readText(parent: OpenElement): boolean {
    const written = this.#match(text);
    if (!written) return false;
    if (written[0].includes(']]>')) refuse('text');
    parent.children.push(decode(written[0]));
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #space(): void {
    this.#match(/[ \t\n]*/y);
    while (this.#skipComment(undefined)) this.#match(/[ \t\n]*/y);
  }

  #skipComment(parent: OpenElement | undefined): boolean {
    if (!this.#limits.commentsBesideElements || !this.#match(comment)) return false;
    if (parent) parent.comments = true;
    return true;
  }

  #end(root: XmlElement): XmlElement {
    this.#space();
    if (this.#at !== this.#text.length) refuse('after-end');
    return root;
  }

  #open(outer: ReadonlyMap<string, string> | undefined) {
    const tag = this.#match(openTag);
    // Comments, CDATA, processing instructions and DOCTYPE begin otherwise and end here.
    if (!tag) throw new XmlRefused('markup');
    this.#elements += 1;
    if (this.#elements > elementsMax) refuse('elements');
    const written: { prefix: string; local: string; value: string }[] = [];
    for (let found = this.#match(attribute); found; found = this.#match(attribute)) {
      const value = decode((found[3] ?? found[4] ?? '').replaceAll(/[\t\n]/g, ' '));
      written.push({ prefix: found[1] ?? '', local: found[2] ?? '', value });
      if (written.length > attributesMax) refuse('attributes');
    }
    const end = this.#match(tagEnd);
    if (!end) throw new XmlRefused('tag');
    const scope = scopeOf(outer, written);
    const prefix = tag[1] ?? '';
    const element: OpenElement = {
      prefix,
      local: tag[2] ?? '',
      namespace: boundTo(scope, prefix),
      attributes: attributesOf(scope, written),
      scope,
      children: [],
      comments: false,
    };
    return { element, empty: end[1] === '/' };
  }
}

function refuse(rule: string): never {
  throw new XmlRefused(rule);
}

type Written = readonly {
  readonly prefix: string;
  readonly local: string;
  readonly value: string;
}[];

const isDeclaration = ({ prefix, local }: Written[number]): boolean =>
  prefix === 'xmlns' || (prefix === '' && local === 'xmlns');

function scopeOf(outer: ReadonlyMap<string, string> | undefined, written: Written) {
  const declared = written.filter(isDeclaration);
  if (outer && declared.length === 0) return outer;
  const scope = new Map(outer ?? [['xml', ns.xml]]);
  const seen = new Set<string>();
  for (const { prefix, local, value } of declared) {
    const name = prefix === '' ? '' : local;
    // Namespaces in XML 1.0 §2.2 and §3: reserved names stay what they are; a prefix is never unbound.
    const reserved = name === 'xml' || name === 'xmlns' || value === ns.xml || value === ns.xmlns;
    if (seen.has(name) || reserved || (name !== '' && value === '')) refuse('namespace');
    seen.add(name);
    scope.set(name, value);
  }
  return scope;
}

function boundTo(scope: ReadonlyMap<string, string>, prefix: string): string {
  const bound = scope.get(prefix);
  if (bound === undefined && prefix !== '') refuse('prefix');
  return bound ?? '';
}

function attributesOf(scope: ReadonlyMap<string, string>, written: Written): XmlAttribute[] {
  const seen = new Set<string>();
  return written.flatMap((one) => {
    if (isDeclaration(one)) return [];
    // The default namespace is not for attributes.
    const namespace = one.prefix === '' ? '' : boundTo(scope, one.prefix);
    const name = `${namespace} ${one.local}`;
    if (seen.has(name)) refuse('attribute-twice');
    seen.add(name);
    return [{ ...one, namespace }];
  });
}

/**
 * Reads hostile XML into a tree. There is no DOCTYPE here, hence no entity and nothing to fetch; no
 * processing instruction, no CDATA, no comment; names are ASCII; size, depth and number are bounded.
 *
 * @throws XmlRefused
 */
export function parseXml(given: string, limits: XmlLimits): XmlElement {
  if (given.length > limits.charsMax) refuse('size');
  if (noXmlChar.test(given)) refuse('character');
  // XML 1.0 §2.11, before anything else looks at the text; a byte order mark is no part of it.
  const normalized = given.replace(/^\u{FEFF}/u, '').replaceAll(/\r\n?/g, '\n');
  return new Reader(normalized, limits).read();
}
