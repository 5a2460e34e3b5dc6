import type { Module, Plan } from './module.ts';

const outcomes = ['as specified', 'refused', 'not offered'] as const;

const countOf = (modules: readonly Module[], outcome: (typeof outcomes)[number]) =>
  modules.filter((module) => (module.outcome ?? 'as specified') === outcome).length;

const rowOf = ({ name, does, outcome = 'as specified' }: Module) =>
  `| \`${name}\` | ${does} | ${outcome} |`;

const summaryOf = ({ title, modules }: Plan) =>
  `| ${title} | ${modules.length} | ${outcomes.map((one) => countOf(modules, one)).join(' | ')} |`;

/** The page that lists every module with its result. */
export function renderPage(plans: readonly Plan[]): string {
  const all = plans.flatMap(({ modules }) => modules);
  const sections = plans.flatMap(({ name, title, note, modules }) => [
    `## ${title}`,
    '',
    `\`${name}\`. ${note}`,
    '',
    '| module | what it does | result |',
    '|---|---|---|',
    ...modules.map(rowOf),
    '',
  ]);
  return [
    '# OpenID conformance',
    '',
    'The modules of the OpenID Foundation’s conformance suite, re-implemented by name and run against the whole server at every',
    'build (`tests/conformance/openid.test.ts`). This page is written by that test, which fails when the two differ. It is not',
    'a certification. Basic, logout, FAPI 2.0 and CIBA are run at the customers’ issuer as well, with the same results.',
    '',
    '- **as specified**: it ends as the specification says.',
    '- **refused**: the feature that the module is about is refused on purpose. What is run is the refusal, in the protocol’s own',
    '  words.',
    '- **not offered**: an option of the protocol that nobody offers here. Discovery says so, and using it brings nothing.',
    '',
    `| plan | modules | ${outcomes.join(' | ')} |`,
    '|---|---|---|---|---|',
    ...plans.map(summaryOf),
    `| **all** | ${all.length} | ${outcomes.map((one) => countOf(all, one)).join(' | ')} |`,
    '',
    ...sections,
  ].join('\n');
}
