import { PGlite } from '@electric-sql/pglite';

/**
 * A fresh database cluster as a tar of its data directory (about 40 MB).
 *
 * initdb in WebAssembly takes 3 to 5 s and 800 MB, so it is done once, in a thread that ends.
 */
export async function buildTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  const pglite = await PGlite.create();
  try {
    await pglite.exec('checkpoint');
    const tar = await pglite.dumpDataDir('none');
    return new Uint8Array(await tar.arrayBuffer());
  } finally {
    await pglite.close();
  }
}
