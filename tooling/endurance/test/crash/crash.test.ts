import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { campaign } from '../../src/crash/campaign.ts';
import { sqliteHost } from '../../src/crash/hosts/sqlite-host.ts';
import type { VictimHost } from '../../src/crash/hosts/victim-host.ts';
import type { KillPlan } from '../../src/crash/kills/kill-plan.ts';
import type { Window } from '../../src/crash/victim/windows.ts';

/** Many times what is needed on average: what is wrong is met in every second life or so. */
const AT_MOST = 40;

/**
 * What a store or a core that breaks its promise is noticed by. Which comes first depends on what was kept and on what the peer had
 * seen when the life ended: a message key that is used again looks to the peer like a copy, a lost session like none.
 */
const NOTICED =
  /was delivered and never shown|used message key .* twice|for a copy and had not read it|its peer never read it|sent again with other bytes|which is failed (not-authentic|no-session)/;

let host: VictimHost;
beforeEach(async () => {
  host = await sqliteHost();
});
afterEach(() => host.close());

const parked = (window: Window, occurrence: number): KillPlan => ({
  ...{ how: 'parked', phase: 'load' },
  parking: { window, occurrence },
});

/** The same few kills over and over, at the first, second or third time. */
function* again(plan: (occurrence: number) => KillPlan): Generator<KillPlan> {
  for (let n = 0; ; n++) yield plan(1 + (n % 3));
}

describe('kill tests on SQLite', () => {
  test('a life killed in each decisive window, in a commit, while it recovers and anywhere leaves nothing wrong', async () => {
    const plans: KillPlan[] = [
      parked('read → commit', 2),
      parked('commit → sending', 1),
      parked('commit → showing', 1),
      { how: 'aimed', phase: 'load', parking: { window: 'committing', occurrence: 1 }, after: 0 },
      { how: 'moment', phase: 'recovery', after: 5 },
      { how: 'moment', phase: 'load', after: 60 },
    ];
    const report = await campaign(host, { cycles: plans.length, seed: 7, plans: plans.values() });
    expect(report.violations).toEqual([]);
    expect(report.cycles).toBe(plans.length);
    expect(report.kills).toBe(plans.length);
    expect(report.counts.get('messages shown by the victim')).toBeGreaterThan(0);
    expect(report.counts.get('outbox entries found after a restart')).toBeGreaterThan(0);
    expect(report.counts.get('inbox entries found after a restart')).toBeGreaterThan(0);
  });

  test('a store with the commit split in two is found out', async () => {
    // No sound store can be stopped here: this one is between its two commits.
    const inCommit = again((occurrence) => parked('committing', occurrence));
    const report = await campaign(host, { cycles: AT_MOST, seed: 7, defect: 'split-commit', plans: inCommit });
    expect(report.violations.join('\n')).toMatch(NOTICED);
    expect(report.passed).toBe(false);
  });

  test('a core that returns ciphertext before the commit is found out', async () => {
    const beforeCommit = again((occurrence) => parked('read → commit', occurrence));
    const report = await campaign(host, { cycles: AT_MOST, seed: 7, defect: 'early-ciphertext', plans: beforeCommit });
    expect(report.violations.join('\n')).toMatch(NOTICED);
    expect(report.passed).toBe(false);
  });
});
