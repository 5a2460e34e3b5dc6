import { describe, expect, it } from 'vitest';
import { allChecks } from './all-checks.ts';
import { createProject, type Project } from './project.ts';
import { runChecks } from './run-checks.ts';

type Files = Readonly<Record<string, string>>;

/** A small house in order; an example adds to it or replaces files of it. */
const house: Files = {
  'package.json': '{"name":"root","scripts":{"x":"node tools/x.js"},"devDependencies":{"zod":"1"}}',
  'packages/kernel/package.json': manifest('kernel', { zod: '1' }),
  'packages/kernel/index.ts': `export { two } from './two.ts';\nimport 'zod';`,
  'packages/kernel/two.ts': '/** Two. */\nexport const two = 2;',
  'packages/protocol/package.json': manifest('protocol', { '@proofline/kernel': '0' }),
  'packages/protocol/index.ts': `/** Three. */\nexport { two as three } from '@proofline/kernel';`,
  'modules/ledger/package.json': manifest('ledger', { '@proofline/kernel': '0' }),
  'modules/ledger/README.md': '# ledger',
  'modules/ledger/index.ts': `export { two } from '@proofline/kernel';`,
  'apps/console/package.json': manifest('console', { '@proofline/kernel': '0' }),
  'apps/console/index.html': '<script type="module" src="/src/page.ts"></script>',
  'apps/console/src/page.ts': `import '@proofline/kernel';`,
  'tools/x.js': '',
  'docs/errors/README.md': '# Errors',
  'docs/errors/access.denied.md': '# access.denied',
};

function manifest(name: string, dependencies: Record<string, string> = {}): string {
  const exports = { '.': './index.ts' };
  return JSON.stringify({ name: `@proofline/${name}`, exports, dependencies });
}

function project(changes: Files = {}): Project {
  const files = { ...house, ...changes };
  return createProject(Object.keys(files), (path) => files[path] ?? '', ['access.denied']);
}

function lines(count: number, before: string, after = ''): string {
  return [before, ...Array.from({ length: count }, (_, n) => `  void ${n};`), after].join('\n');
}

/** A function that returns functions of 32 lines each. */
function factory(functions: number): string {
  const inner = Array.from({ length: functions }, () => lines(30, '() => {', '},'));
  return `function factory() { return [\n${inner.join('\n')}\n]; }`;
}

interface Example {
  readonly check: string;
  readonly says: RegExp;
  readonly files: Files;
}

const wrong: readonly Example[] = [
  { check: 'syntax', says: /cannot be read/, files: { 'tools/x.js': 'const = 1' } },
  {
    check: 'import-floors',
    says: /above packages\/kernel/,
    files: { 'packages/kernel/two.ts': `import '@proofline/ledger';` },
  },
  {
    check: 'import-floors',
    says: /same floor/,
    files: {
      'modules/workforce/package.json': manifest('workforce'),
      'modules/customers/index.ts': `import '@proofline/workforce';`,
    },
  },
  {
    check: 'import-floors',
    says: /imports packages only/,
    files: { 'apps/console/src/page.ts': `import type { X } from '@proofline/ledger';` },
  },
  {
    check: 'import-floors',
    says: /not on a floor/,
    files: { 'modules/ledger/index.ts': `export * from '../../tests/harness/clock.ts';` },
  },
  {
    check: 'room-doors',
    says: /no door of @proofline\/kernel/,
    files: { 'modules/ledger/index.ts': `import '@proofline/kernel/two.ts';` },
  },
  {
    check: 'room-doors',
    says: /path into another room/,
    files: { 'modules/ledger/index.ts': `await import('../../packages/kernel/two.ts');` },
  },
  {
    check: 'room-cycles',
    says: /packages\/kernel → packages\/protocol → packages\/kernel/,
    files: { 'packages/kernel/two.ts': `import '@proofline/protocol';` },
  },
  {
    check: 'declared-imports',
    says: /“hono” is not in modules\/ledger\/package\.json/,
    files: { 'modules/ledger/index.ts': `import 'hono/cors';` },
  },
  {
    check: 'declared-imports',
    says: /“hono” is not in package\.json/,
    files: { 'modules/ledger/a.test.ts': `import 'hono';` },
  },
  {
    check: 'module-shape',
    says: /README\.md/,
    files: { 'modules/new/package.json': manifest('new'), 'modules/new/index.ts': '' },
  },
  {
    check: 'dead-files',
    says: /nothing reaches it/,
    files: { 'modules/ledger/forgotten.ts': '' },
  },
  {
    check: 'dead-files',
    says: /only tests reach it/,
    files: { 'modules/ledger/half.ts': '', 'modules/ledger/half.test.ts': `import './half.ts';` },
  },
  { check: 'file-names', says: /kebab-case/, files: { 'modules/ledger/openLog.ts': '' } },
  { check: 'file-names', says: /“utils” says nothing/, files: { 'modules/ledger/utils.ts': '' } },
  { check: 'file-names', says: /“service”/, files: { 'modules/ledger/log-service.ts': '' } },
  { check: 'file-names', says: /“common”/, files: { 'modules/common/log.ts': '' } },
  { check: 'file-size', says: /402 lines/, files: { 'tools/x.js': lines(401, '// long') } },
  { check: 'file-size', says: /120 characters/, files: { 'tools/x.js': `// ${'a '.repeat(80)}` } },
  {
    check: 'function-size',
    says: /long has 62 lines of its own/,
    files: { 'tools/x.js': lines(60, 'function long() {', '}') },
  },
  {
    check: 'function-size',
    says: /factory has 130 lines \(limit 120\)/,
    files: { 'tools/x.js': factory(4) },
  },
  {
    check: 'function-size',
    says: /takes 4 parameters/,
    files: { 'tools/x.js': 'export const f = (a, b, c, d) => a + b + c + d;' },
  },
  {
    check: 'function-size',
    says: /Page has 122 lines \(limit 120\)/,
    files: { 'apps/console/src/page.tsx': lines(120, 'function Page() {', '}') },
  },
  ...[
    ['Date.now()', /Clock port/],
    ['new Date()', /deps\.clock/],
    ['Math.random()', /Random port/],
    ['process.env.HOME', /configuration/],
    [`console.error('x')`, /logger/],
  ].map(([code, says]) => ({
    check: 'banned-calls',
    says: says instanceof RegExp ? says : /^$/,
    files: { 'modules/ledger/index.ts': `export const x = () => ${String(code)};` },
  })),
  {
    check: 'default-exports',
    says: /by its name/,
    files: { 'modules/ledger/index.ts': 'export default 1;' },
  },
  {
    check: 'type-escapes',
    says: /`any`/,
    files: { 'modules/ledger/a.test.ts': 'export const x: any[] = [];' },
  },
  {
    check: 'type-escapes',
    says: /`as` without a reason/,
    files: { 'modules/ledger/index.ts': 'export const a = 1;\n\nexport const x = a as unknown;' },
  },
  {
    check: 'type-escapes',
    says: /`as` without a reason/,
    files: { 'modules/ledger/index.ts': 'export const x = <unknown>1;' },
  },
  {
    check: 'doc-comments',
    says: /two has no doc comment/,
    files: { 'packages/kernel/two.ts': '// Two.\nexport const two = 2;' },
  },
  {
    check: 'doc-comments',
    says: /Two has no doc comment/,
    files: { 'packages/kernel/two.ts': '/** Away. */\nconst a = 2;\nexport type Two = typeof a;' },
  },
  {
    check: 'error-pages',
    says: /no problem has this code/,
    files: { 'docs/errors/gone.away.md': '# gone.away' },
  },
];

const right: readonly Omit<Example, 'says'>[] = [
  {
    check: 'import-floors',
    files: { 'packages/kernel/two.test.ts': `import '@proofline/ledger';` },
  },
  {
    check: 'dead-files',
    files: {
      'modules/ledger/index.ts': `new Worker(new URL('./thread.ts', import.meta.url));`,
      'modules/ledger/thread.ts': '',
    },
  },
  {
    check: 'function-size',
    files: { 'modules/ledger/a.test.ts': lines(200, `describe('x', () => {`, '});') },
  },
  {
    check: 'function-size',
    files: { 'tools/x.js': factory(3) },
  },
  { check: 'file-names', files: { 'modules/ledger/service-tokens.ts': '' } },
  { check: 'banned-calls', files: { 'packages/kernel/clock.ts': 'export const n = Date.now;' } },
  { check: 'banned-calls', files: { 'modules/ledger/index.ts': 'void new Date(5); Date.UTC(1);' } },
  { check: 'default-exports', files: { 'vitest.config.ts': 'export default {};' } },
  {
    check: 'type-escapes',
    files: {
      'modules/ledger/index.ts':
        'export const a = [1] as const;\n// The column holds only this.\nexport const x = a as unknown;',
    },
  },
  {
    check: 'doc-comments',
    files: {
      'packages/kernel/two.ts':
        '/** Two. */\nexport const Two = z.literal(2);\nexport type Two = z.infer<typeof Two>;\n' +
        `export const readTwo = defineRoute({ id: 'two', summary: 'Two.' });`,
    },
  },
];

function findingsOf(check: string, files: Files): string[] {
  const run = allChecks.get(check);
  if (!run) throw new Error(`no check is called ${check}`);
  return run(project(files)).map(({ path, message }) => `${path}: ${message}`);
}

describe('tidy', () => {
  it('finds nothing in a house that is in order', () => {
    expect(runChecks(project(), { exceptions: [], filesMin: 6 })).toEqual([]);
  });

  it.each(wrong)('$check says $says', ({ check, says, files }) => {
    const findings = findingsOf(check, files);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(says);
  });

  it.each(right)('$check leaves in peace what is meant to be so', ({ check, files }) => {
    expect(findingsOf(check, files)).toEqual([]);
  });

  it('misses an error page', () => {
    const { 'docs/errors/access.denied.md': _page, ...files } = house;
    const without = createProject(Object.keys(files), (p) => files[p] ?? '', ['access.denied']);
    const findings = runChecks(without, { exceptions: [], filesMin: 1 });
    expect(findings).toMatchObject([
      { check: 'error-pages', path: 'docs/errors/access.denied.md' },
    ]);
  });

  it('has a bad example for every check', () => {
    expect(new Set(wrong.map(({ check }) => check))).toEqual(new Set(allChecks.keys()));
  });

  it('fails when it has read fewer files than there are', () => {
    const findings = runChecks(project(), { exceptions: [], filesMin: 1000 });
    expect(findings).toMatchObject([{ check: 'coverage' }]);
  });

  it('takes an exception, and wants it deleted when nothing needs it', () => {
    const exception = { check: 'file-names', path: 'modules/ledger/utils.ts', because: 'a test' };
    const options = { exceptions: [exception], filesMin: 1 };
    const files = {
      'modules/ledger/utils.ts': '',
      'modules/ledger/index.ts': `import './utils.ts';`,
    };
    expect(runChecks(project(files), options)).toEqual([]);
    expect(runChecks(project(), options)).toMatchObject([{ check: 'exceptions' }]);
  });
});
