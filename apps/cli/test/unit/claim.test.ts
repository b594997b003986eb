import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { claim } from '../../src/storage/claim.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const CLAIM = fileURLToPath(new URL('../../src/storage/claim.ts', import.meta.url));

test('one at a time has it', async () => {
  const file = join(await temporaryDirectory(), 'x.lock');
  const first = await claim(file);
  expect(first).toBeDefined();
  expect(await claim(file)).toBeUndefined();
  first?.release();
  const second = await claim(file);
  expect(second).toBeDefined();
  second?.release();
});

test('a process that is killed has it no more', async () => {
  const file = join(await temporaryDirectory(), 'x.lock');
  const script = `
    const { claim } = await import(${JSON.stringify(CLAIM)});
    console.log((await claim(${JSON.stringify(file)})) === undefined ? 'taken' : 'claimed');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = await once(child.stdout, 'data');
    expect(String(said)).toBe('claimed\n');
    expect(await claim(file)).toBeUndefined();
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'close');
  const own = await claim(file);
  expect(own).toBeDefined();
  own?.release();
});
