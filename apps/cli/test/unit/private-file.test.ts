import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makePrivateDirectory, makePrivateFile } from '../../src/storage/private-file.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe.skipIf(process.platform === 'win32')('for this user alone', () => {
  test('a directory and those above it that were missing; one that is there stays as it is', async () => {
    const base = await temporaryDirectory();
    await chmod(base, 0o755);
    await makePrivateDirectory(join(base, 'a', 'b'));
    await makePrivateDirectory(join(base, 'a', 'b'));
    const modes = await Promise.all([base, join(base, 'a'), join(base, 'a', 'b')].map(modeOf));
    expect(modes).toEqual(['755', '700', '700']);
  });

  test('a file that is new, and one that was kept', async () => {
    const file = join(await temporaryDirectory(), 'x');
    await makePrivateFile(file, 'refused');
    expect(await modeOf(file)).toBe('600');
    await writeFile(file, 'kept');
    await chmod(file, 0o644);
    await makePrivateFile(file, 'kept');
    expect([await modeOf(file), await readFile(file, 'utf8')]).toEqual(['600', 'kept']);
    await expect(makePrivateFile(file, 'refused')).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

test.runIf(process.platform === 'linux')('a directory that cannot be made ends in an error', async () => {
  await expect(makePrivateDirectory('/proc/nowhere/x')).rejects.toMatchObject({ code: 'ENOENT' });
});
