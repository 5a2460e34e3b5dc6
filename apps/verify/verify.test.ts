import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { whileBusy } from './src/page/while-busy.ts';

const SCRIPT_MAX_BYTES = 15_000;

let files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[];

beforeAll(async () => {
  const configFile = new URL('vite.config.ts', import.meta.url).pathname;
  const built = await build({ configFile, logLevel: 'error', build: { write: false } });
  files = Array.isArray(built)
    ? built.flatMap((one) => one.output)
    : 'output' in built
      ? built.output
      : [];
});

function textOf(ending: string): string {
  const found = files.filter((file) => file.fileName.endsWith(ending));
  expect(found.length).toBeGreaterThan(0);
  return found.map((file) => (file.type === 'chunk' ? file.code : String(file.source))).join('\n');
}

describe('the customer’s page', () => {
  it('is small enough for a slow phone', () => {
    expect(gzipSync(textOf('.js')).length).toBeLessThan(SCRIPT_MAX_BYTES);
  });

  it('needs no inline script and no inline style, so that the policy can forbid both', () => {
    const html = textOf('.html');
    expect(html).toMatch(/<script type="module"[^>]* src="/);
    expect(html.match(/<script(?![^>]* src=)/g)).toBeNull();
    expect(html).not.toMatch(/<style|style="| on\w+="/);
  });

  it('keeps nothing in the browser’s storage and writes no HTML from data', () => {
    expect(textOf('.js')).not.toMatch(/localStorage|sessionStorage|indexedDB|innerHTML|outerHTML/);
  });

  it('names no company: the name comes from the server', () => {
    expect(textOf('.js') + textOf('.html')).not.toMatch(/Meridian|Northwind|Proofline/);
  });
});

describe('a button whose work takes long', () => {
  it('says so in words, and says its own again whatever came of it', async () => {
    const pressed = { textContent: 'Confirm with passkey' };
    const said: string[] = [];
    const work = async (ms: number) => {
      said.push(pressed.textContent);
      await new Promise((resolve) => setTimeout(resolve, ms));
      said.push(pressed.textContent);
      throw new Error('no answer');
    };
    await expect(whileBusy(pressed, () => work(0))).rejects.toThrow('no answer');
    expect(said).toEqual(['Confirm with passkey', 'Confirm with passkey']);
    await expect(whileBusy(pressed, () => work(1_500))).rejects.toThrow('no answer');
    expect(said.slice(2)).toEqual(['Confirm with passkey', 'One moment …']);
    expect(pressed.textContent).toBe('Confirm with passkey');
  });
});
