import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    target: 'es2022',
    // The page's policy forbids data: URLs; every asset is a file of its own.
    assetsInlineLimit: 0,
    // Every browser that passes `target` knows modulepreload.
    modulePreload: { polyfill: false },
  },
});
