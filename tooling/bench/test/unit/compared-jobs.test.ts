import { describe, expect, test } from 'vitest';
import { wireSeal } from '../../src/jobs/seal.ts';
import { comparedJobsOf } from '../../src/peers/compared-jobs.ts';
import { comparedJobs, type Implementation } from '../../src/peers/implementation.ts';
import { oursWith } from '../../src/peers/ours.ts';

const implementation = oursWith(wireSeal);

describe.each(comparedJobs)('job (%s) as others do it too', (job) => {
  test('is done by ours', async () => {
    const work = await comparedJobsOf(implementation as Implementation)[job](3);
    await work.run();
    await work.check();
  });
});

describe('an implementation that does not do what it says is found out', () => {
  const lying: Implementation = {
    ...(implementation as Implementation),
    decrypt: async () => new Uint8Array(48),
    async accept(device, message) {
      const { session } = await (implementation as Implementation).accept(device, message);
      return { session, plaintext: new Uint8Array(48) };
    },
  };

  test.each(['a', 'b', 'c', 'd', 'f', 'g'] as const)('in job (%s)', async (job) => {
    const work = await comparedJobsOf(lying)[job](2);
    await work.run();
    await expect((async () => work.check())()).rejects.toThrow('strictly deep-equal');
  });
});
