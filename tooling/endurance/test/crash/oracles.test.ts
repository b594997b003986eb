import { omemo2 } from '@omemo-kit/omemo-core';
import { describe, expect, test } from 'vitest';
import { type KillPlan, killPlans } from '../../src/crash/kills/kill-plan.ts';
import { Report } from '../../src/crash/report.ts';
import { SeededRandom } from '../../src/crash/seeded-random.ts';
import { DECISIVE_WINDOWS } from '../../src/crash/victim/windows.ts';
import { Ledger } from '../../src/crash/world/ledger.ts';
import { PublishedBundles } from '../../src/crash/world/published-bundles.ts';

describe('the ledger', () => {
  const violationsOf = (happen: (ledger: Ledger) => void): readonly string[] => {
    const ledger = new Ledger();
    happen(ledger);
    ledger.close();
    return ledger.violations;
  };

  test('finds nothing where all that was sent is shown, again under the same id, and read', () => {
    const all = (ledger: Ledger): void => {
      ledger.due('hi');
      ledger.show('id-1', 'hi');
      ledger.show('id-1', 'hi');
      ledger.leave('answer', '<message/>');
      ledger.leave('answer', '<message/>');
      ledger.promise('answer');
      ledger.read('answer');
      ledger.copy('answer');
    };
    expect(violationsOf(all)).toEqual([]);
  });

  const wrongs: Readonly<Record<string, (ledger: Ledger) => void>> = {
    'was delivered and never shown': (ledger) => ledger.due('hi'),
    'was shown under two ids': (ledger) => {
      ledger.show('id-1', 'hi');
      ledger.show('id-2', 'hi');
    },
    'and then as': (ledger) => {
      ledger.show('id-1', 'hi');
      ledger.show('id-1', 'ho');
    },
    'sent again with other bytes': (ledger) => {
      ledger.read('a');
      ledger.leave('a', '<message>1</message>');
      ledger.leave('a', '<message>2</message>');
    },
    'left and its peer never read it': (ledger) => ledger.leave('a', '<message/>'),
    'was encrypted and its peer never read it': (ledger) => ledger.promise('a'),
    'as if it were two messages': (ledger) => {
      ledger.read('a');
      ledger.read('a');
    },
    'had not read it': (ledger) => ledger.copy('a'),
  };
  test.each(Object.keys(wrongs))('finds what %s', (wrong) => {
    expect(violationsOf(wrongs[wrong]!)).toEqual([expect.stringContaining(wrong)]);
  });
});

describe('the oracle of pre-keys', () => {
  const bundle = (ids: readonly number[], fill = 1) =>
    omemo2.elements.writeBundle({
      identityKey: new Uint8Array(32).fill(9) as never,
      signedPreKey: { id: 1, publicKey: new Uint8Array(32).fill(8) as never, signature: new Uint8Array(64) },
      preKeys: ids.map((id) => ({ id, publicKey: new Uint8Array(32).fill(fill + id) as never })),
    });

  test('lets a pre-key go and a fresh one come', () => {
    const oracle = new PublishedBundles();
    oracle.publish(bundle([1, 2, 3]));
    oracle.publish(bundle([1, 2, 3]));
    oracle.publish(bundle([1, 3, 4]));
    expect(oracle.violations).toEqual([]);
  });

  test('finds one that was used and is published again', () => {
    const oracle = new PublishedBundles();
    oracle.publish(bundle([1, 2, 3]));
    oracle.used.add(2);
    oracle.publish(bundle([1, 2, 3]));
    expect(oracle.violations).toEqual(['pre-key 2 was used and is published again']);
  });

  test('finds one that comes back, and an id that is given twice', () => {
    const oracle = new PublishedBundles();
    oracle.publish(bundle([1, 2, 3]));
    oracle.publish(bundle([1, 3, 4]));
    oracle.publish(bundle([1, 2, 3]));
    oracle.publish(bundle([1], 50));
    expect(oracle.violations).toEqual([
      'pre-key 2 had gone from the bundle and is published again',
      'the id 1 is given to two pre-keys',
    ]);
  });
});

describe('the kills', () => {
  const take = (seed: number, count: number): KillPlan[] => {
    const plans = killPlans(new SeededRandom(seed));
    return Array.from({ length: count }, () => plans.next().value);
  };

  test('are those of the seed, and every ten stand still four times in a decisive window', () => {
    expect(take(5, 60)).toEqual(take(5, 60));
    expect(take(5, 60)).not.toEqual(take(6, 60));
    for (const seed of [1, 2, 3]) {
      const decisive = take(seed, 10).filter(
        (plan) => plan.how === 'parked' && plan.phase === 'load' && DECISIVE_WINDOWS.includes(plan.parking.window),
      );
      expect(decisive).toHaveLength(4);
    }
  });

  test('fail the run where too few were in the decisive windows', () => {
    const report = new Report('a store', 1);
    for (let n = 0; n < 15; n++) report.kill('idle', 'raced');
    for (let n = 0; n < 5; n++) report.kill('read → commit', 'parked');
    expect(report.decisiveShare).toBe(0.25);
    expect(report.passed).toBe(false);
    for (let n = 0; n < 5; n++) report.kill('commit → sending', 'raced');
    expect(report.passed).toBe(true);
  });
});
