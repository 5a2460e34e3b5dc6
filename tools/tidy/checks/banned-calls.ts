import type { Check } from '../project.ts';
import { isTest, isTool } from '../rooms.ts';
import { child, nameOf, walk, type SyntaxNode } from '../source-file.ts';

interface Ban {
  readonly matches: (node: SyntaxNode) => boolean;
  readonly message: string;
  /** Where it is the port itself. */
  readonly ports: RegExp;
}

const isMember = (node: SyntaxNode, object: string, property?: string): boolean =>
  node.type === 'MemberExpression' &&
  nameOf(child(node, 'object')) === object &&
  (property === undefined || nameOf(child(node, 'property')) === property);

const NOWHERE = /^$/;
/** Where a program starts and reads what it was told; the demo's actors start many. */
const ENTRIES = /^(apps\/[^/]+\/(main|config)\.ts$|demo\/)/;
/**
 * The kernel's port itself; pages in a browser, whose clock is the screen's; and the demo's phones
 * and CRM, which stand for somebody else's machines.
 */
const CLOCKS = /^(packages\/kernel\/clock\.ts$|apps\/(console|verify)\/|demo\/)/;

const bans: readonly Ban[] = [
  {
    matches: (node) => isMember(node, 'Date', 'now'),
    message: 'Date.now: use the Clock port (deps.clock.now())',
    ports: CLOCKS,
  },
  {
    matches: (node) =>
      node.type === 'NewExpression' &&
      nameOf(child(node, 'callee')) === 'Date' &&
      Array.isArray(node['arguments']) &&
      node['arguments'].length === 0,
    message: 'new Date(): use new Date(deps.clock.now())',
    ports: CLOCKS,
  },
  {
    matches: (node) => isMember(node, 'Math', 'random'),
    message: 'Math.random: use the Random port (deps.random.bytes(n))',
    ports: NOWHERE,
  },
  {
    matches: (node) => isMember(node, 'process', 'env'),
    message: 'process.env: take it from the configuration, which is read in one place',
    ports: ENTRIES,
  },
  {
    matches: (node) => isMember(node, 'console'),
    message: 'console: use the logger, which knows what is personal',
    ports: NOWHERE,
  },
];

/** Time, chance, environment and output come through ports, so that tests can hold them still. */
export const bannedCalls: Check = (project) =>
  project.sources
    .filter(({ path }) => !isTest(path) && !isTool(path))
    .flatMap((file) => {
      const findings: { path: string; line: number; message: string }[] = [];
      walk(file.program, (node) => {
        for (const { matches, message, ports } of bans) {
          if (!matches(node) || ports.test(file.path)) continue;
          findings.push({ path: file.path, line: file.lineAt(node.start), message });
        }
      });
      return findings;
    });
