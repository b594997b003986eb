import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for the tests of one file, removed after them. Returns how a test gets a path in it. */
export function useTemporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omemo-kit-sqlite-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/**
 * Copies a database and its WAL as they lie there, which is what a killed process leaves behind; the index of the WAL is
 * made anew. Another process does it: to close a file takes the locks that this one has on it.
 */
export function copyAsLeft(from: string, to: string): void {
  for (const end of ['', '-wal']) if (existsSync(from + end)) execFileSync('cp', [from + end, to + end]);
}

/** Bytes of a file and of its WAL, read by another process for the same reason. */
export function bytesOf(file: string): { database: Buffer; wal: Buffer } {
  const read = (path: string): Buffer =>
    existsSync(path) ? execFileSync('cat', [path], { maxBuffer: 1 << 28 }) : Buffer.alloc(0);
  return { database: read(file), wal: read(`${file}-wal`) };
}
