import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitOptions = Parameters<NodeFS['init']>[1];

/** What Emscripten's NODEFS is, as far as it is used here; PGlite's types leave it out. */
interface EmscriptenNodeFs {
  readonly stream_ops: { fsync?: (stream: EmscriptenStream) => number };
  realPath(node: unknown): string;
  tryFSOperation(work: () => void): void;
}

interface EmscriptenStream {
  /** The host's file descriptor; a directory has none. */
  readonly nfd?: number;
  readonly node: unknown;
}

/**
 * PGlite's file system with the fsync that it lacks.
 *
 * As shipped, PostgreSQL's fsync ends in Emscripten, whose NODEFS has no `stream_ops.fsync`: the
 * call answers success and nothing reaches the disk. Here it reaches the host's fsync.
 */
export class DurableNodeFs extends NodeFS {
  /** How often the host has confirmed an fsync. */
  fsyncCount = 0;
  readonly #fsync: (descriptor: number) => void;

  /** @param fsync the host's; a fault test gives one that fails. */
  constructor(directory: string, fsync: (descriptor: number) => void = fsyncSync) {
    super(directory);
    this.#fsync = fsync;
  }

  override async init(pg: PGlite, options: InitOptions) {
    const result = await super.init(pg, options);
    const preRun = [...(result.emscriptenOpts.preRun ?? []), (mod: object) => this.#install(mod)];
    return { emscriptenOpts: { ...result.emscriptenOpts, preRun } };
  }

  #install(mod: object): void {
    // Checked by the start-up probe: were the hook to move, the counter would not rise.
    const nodeFs = (mod as { NODEFS: EmscriptenNodeFs }).NODEFS;
    nodeFs.stream_ops.fsync = (stream) => {
      // Turns EIO and its like into the errno that PostgreSQL panics on.
      nodeFs.tryFSOperation(() => {
        if (stream.nfd === undefined) fsyncPath(nodeFs.realPath(stream.node));
        else this.#fsync(stream.nfd);
      });
      this.fsyncCount += 1;
      return 0;
    };
  }
}

function fsyncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
