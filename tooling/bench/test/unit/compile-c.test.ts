import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { compileC } from '../../src/peers/compile-c.ts';

test('a library that is not there is a reason, not a program', async () => {
  const libraries = ['no-such-library'] as const;
  await expect(compileC({ sources: '.', program: 'none', libraries, folder: tmpdir() })).rejects.toThrow('pkg-config');
});
