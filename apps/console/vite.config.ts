import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: page('.'),
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // The console's policy forbids data: URLs; every asset is a file of its own.
    assetsInlineLimit: 0,
    // Every browser that passes `target` knows modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: page('index.html'), callback: page('callback.html') },
      output: {
        codeSplitting: {
          // In one chunk with zod itself: other chunks make schemas as they load, before the page's
          // own first line, and a schema made before the setting tries `eval`.
          groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|zod-without-eval/ }],
        },
      },
      treeshake: {
        // Our own packages only declare things; what is not used may go (they hold every route).
        moduleSideEffects: (id) => !/\/packages\/(kernel|protocol)\//.test(id),
      },
    },
  },
});
