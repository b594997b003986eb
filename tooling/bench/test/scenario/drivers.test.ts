import { type BackendAvailability, describeBackend } from '@omemo-kit/backends/vitest';
import { afterAll, expect, test } from 'vitest';
import { installCommand, peers } from '../../src/peers/catalogue.ts';
import { comparedJobs } from '../../src/peers/implementation.ts';
import type { MeasuringProcess } from '../../src/peers/process.ts';
import { startPeer } from '../../src/peers/start-peers.ts';

for (const peer of peers) {
  // Those of npm are installed only when somebody measures.
  if (peer.debian === undefined) continue;
  const install = installCommand(peer.debian.packages);
  const started = await startPeer(peer).catch((error: Error) => error.message);
  const availability: BackendAvailability =
    typeof started === 'string'
      ? { available: false, name: peer.name, reason: started.trim(), install }
      : { available: true };

  describeBackend(availability, `our driver of ${peer.name}`, () => {
    const driver = started as MeasuringProcess;
    afterAll(() => driver.end());

    test.each(comparedJobs)('does job (%s), and again with more of it', async (job) => {
      expect(await driver.measure({ job, units: 3 })).toBeGreaterThan(0);
      expect(await driver.measure({ job, units: 5 })).toBeGreaterThan(0);
    });

    test('says its version, and refuses what is no job', async () => {
      expect(driver.name).toMatch(/ \d+\.\d+\.\d+$/);
      expect(await driver.measure({ job: 'z' as 'a', units: 1 })).toBeUndefined();
    });
  });
}
