import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * The passkey library says a browser’s errors in its own words, at length. This page tells one of them from
 * the others, by the name that the browser gave it (`src/ports/passkey.ts`): so each is left as it is.
 */
const errorsAsTheyAre: Plugin = {
  name: 'errors-as-they-are',
  load(id) {
    const [, which] = /@simplewebauthn\/browser\/.*\/(identify\w+Error)\.js$/.exec(id) ?? [];
    return which === undefined ? undefined : `export const ${which} = ({ error }) => error;`;
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [errorsAsTheyAre],
  build: {
    target: 'es2022',
    // The page's policy forbids data: URLs; every asset is a file of its own.
    assetsInlineLimit: 0,
    // Every browser that passes `target` knows modulepreload.
    modulePreload: { polyfill: false },
  },
});
