import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { originsOf } from './environments.ts';
import { portsFrom } from './ports.ts';
import { welcomeText } from './print-welcome.ts';
import { demoStaff } from './staff.ts';

const running = {
  origins: originsOf(portsFrom(4400)),
  founderLinks: new Map(
    demoStaff.map(({ displayName, employeeNumber }) => [
      displayName,
      `http://staff.localhost:4400/onboarding#${employeeNumber}`,
    ]),
  ),
  accountNumbers: ['MH-10001', 'MH-10002'],
};
const lineOf = (text: string, name: string) =>
  text.split('\n').find((line) => line.includes(name) && !/^ +\d\./.test(line));

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('how many colleagues the documents promise', () => {
  it.each([
    ['README.md', `(${demoStaff.length} staff,`],
    ['docs/start/play-the-demo.md', `a link for each of its seventeen\ncolleagues`],
  ])('is in %s as many as there are', (path, words) => {
    expect(demoStaff).toHaveLength(17);
    expect(textOf(path)).toContain(words);
  });
});

describe('what the demo prints at its start', () => {
  it('is a link for everybody who has no passkey yet', () => {
    const text = welcomeText(running, { staff: new Set(), customers: new Set() });
    expect(text.match(/\/onboarding#/g)).toHaveLength(demoStaff.length);
    expect(text).toContain('Open Ana Ruiz’s link');
    expect(text).toContain('open the invitation of');
  });

  it('is no link that was used already: it would open nothing', () => {
    const text = welcomeText(running, {
      staff: new Set(['Ana Ruiz', 'Tom Lindqvist']),
      customers: new Set(['MH-10001']),
    });
    expect(text.match(/\/onboarding#/g)).toHaveLength(demoStaff.length - 2);
    expect(lineOf(text, 'Ana Ruiz')).toMatch(/has a passkey already: sign in at the console$/);
    expect(lineOf(text, 'Bayo Adeyemi')).toContain('/onboarding#CV-2004');
    expect(text).toContain('1. Sign in as Ana Ruiz.');
    expect(text).not.toContain('open the invitation of');
  });
});
