import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock-file.ts';
import { ownIdentity } from './process-identity.ts';

describe('the lock of an embedded database', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-lock-'));
    path = join(directory, 'lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is free again after its release, and only then', () => {
    const lock = takeLock(path);
    expect(() => takeLock(path)).toThrow(`in use by process ${process.pid}`);
    lock.release();
    const next = takeLock(path);
    // A second release of the first must not open the door that another one has closed.
    lock.release();
    expect(existsSync(path)).toBe(true);
    next.release();
  });

  it('is cleared when its owner has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid;
    await once(child, 'exit');
    writeFileSync(path, JSON.stringify({ ...ownIdentity(), pid, startedAt: 'long ago' }));
    const lock = takeLock(path);
    expect(existsSync(path)).toBe(true);
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it('is cleared when its owner’s number belongs to a later process now', () => {
    const before = { ...ownIdentity(), startedAt: 'before this process' };
    writeFileSync(path, JSON.stringify(before));
    const lock = takeLock(path);
    expect(existsSync(path)).toBe(true);
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['on another machine or in another container', JSON.stringify({ pid: 1, place: 'elsewhere' })],
    ['that was not written whole', '{"pid":'],
    ['that is empty', ''],
  ])('is not taken from an owner %s', (_name, content) => {
    writeFileSync(path, content);
    expect(() => takeLock(path)).toThrow(/if none is running, delete/);
    expect(existsSync(path)).toBe(true);
  });

  it('is not cleared while another process is clearing it', () => {
    writeFileSync(path, JSON.stringify({ ...ownIdentity(), startedAt: 'before this process' }));
    writeFileSync(`${path}.clearing`, JSON.stringify(ownIdentity()));
    expect(() => takeLock(path)).toThrow(/in use by process/);
  });
});
