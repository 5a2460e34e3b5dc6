import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join, extname, relative } from 'node:path';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

/** Built pages, read once into memory: a request never turns into a path of the file system. */
export interface StaticPages {
  serve(c: Context): Response | undefined;
}

/**
 * Serves a built folder. A path without a file name is answered with `index.html`, whose script
 * reads the path.
 *
 * @throws when the folder was not built.
 */
export function loadStaticPages(directory: string): StaticPages {
  if (!existsSync(join(directory, 'index.html'))) {
    throw new Error(`The pages in ${directory} are not built. Run: npm run build`);
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(
      `/${relative(directory, path).replaceAll('\\', '/')}`,
      new Uint8Array(readFileSync(path)),
    );
  }
  return {
    serve(c) {
      const name = extname(c.req.path) === '' ? '/index.html' : c.req.path;
      const bytes = files.get(name);
      if (bytes === undefined) return undefined;
      const hashed = name.startsWith('/assets/');
      return c.body(bytes, 200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    },
  };
}
