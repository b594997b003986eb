import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { compileC } from '../../src/peers/compile-c.ts';
import { comparedJobs } from '../../src/peers/implementation.ts';
import { MeasuringProcess } from '../../src/peers/process.ts';
import { compileLibomemoDriver } from '../../src/peers/start-peers.ts';

test('a library that is not there is a reason, not a program', async () => {
  const libraries = ['no-such-library'] as const;
  await expect(compileC({ sources: '.', program: 'none', libraries, folder: tmpdir() })).rejects.toThrow('pkg-config');
});

const compiled = await compileLibomemoDriver().catch(() => undefined);

describe.skipIf(compiled === undefined)('our driver of libomemo-c [needs libomemo-c-dev, libssl-dev and gcc]', () => {
  test('does every job, and refuses what is none', async () => {
    const command = compiled?.program ?? '';
    const driver = await MeasuringProcess.start({ name: 'libomemo-c', differs: '', command, args: [] });
    try {
      for (const job of comparedJobs) expect(await driver.measure({ job, units: 3 })).toBeGreaterThan(0);
      expect(await driver.measure({ job: 'a', units: 0 })).toBeUndefined();
    } finally {
      await driver.end();
    }
  });
});
