import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A file system within a file. What has not been synced lies in the kernel’s cache and not in the file: a
 * copy of the file is what a device holds when the power goes.
 */
export interface DiskImage {
  /** Where it is mounted. */
  readonly place: string;
  /** Copies what the device holds now; whoever writes must have been stopped. */
  copy(): void;
  /** The power comes back: from here on the disk is what was copied. */
  becomeCopy(): Promise<void>;
  remove(): Promise<void>;
}

/** Whether this machine lets us mount such a thing: root, loop devices, ext4. */
export function canMountImages(): boolean {
  if (process.getuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), 'proofline-loop-'));
  const file = join(directory, 'image');
  const place = join(directory, 'place');
  mkdirSync(place);
  const isMounted = makeFileSystem(file, 16) && mount(file, place);
  if (isMounted) spawnSync('umount', [place]);
  rmSync(directory, { recursive: true, force: true });
  return isMounted;
}

/** Makes and mounts one in a directory of its own. @throws Error when the machine does not let us */
export function makeDiskImage(sizeMb: number): DiskImage {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-disk-image-'));
  // A database may have to run as another user than whoever mounts.
  chmodSync(directory, 0o711);
  const file = join(directory, 'image');
  const copy = join(directory, 'copy');
  const place = join(directory, 'place');
  mkdirSync(place);
  if (!makeFileSystem(file, sizeMb) || !mount(file, place)) {
    throw new Error('no file system can be mounted from a file here');
  }
  return {
    place,
    copy() {
      if (!run('cp', '--sparse=always', file, copy)) throw new Error('the image cannot be copied');
    },
    async becomeCopy() {
      await unmount(place);
      renameSync(copy, file);
      if (!mount(file, place)) throw new Error('the file system did not survive');
    },
    async remove() {
      await unmount(place);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function makeFileSystem(file: string, sizeMb: number): boolean {
  return run('truncate', '-s', `${sizeMb}M`, file) && run('mkfs.ext4', '-q', '-F', file);
}

/** Only what is asked for is written: no data goes out by itself within a round’s few seconds. */
function mount(file: string, place: string): boolean {
  return run('mount', '-o', 'loop,commit=300', file, place);
}

async function unmount(place: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (run('umount', place)) return;
    await delay(100);
  }
  throw new Error('somebody still holds the disk');
}

function run(program: string, ...words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}
