import type { Batch, Store } from '@omemo-kit/omemo-core/ports';
import { describe, expect, test } from 'vitest';
import { memoryHost } from '../../src/writers/memory-host.ts';
import { describeRound, problemsOf } from '../../src/writers/report.ts';
import { type RoundOptions, runRound } from '../../src/writers/round.ts';
import { sqliteHost } from '../../src/writers/sqlite-host.ts';
import type { WriterHost } from '../../src/writers/writer-host.ts';

async function roundOn(host: WriterHost, options: Partial<RoundOptions>) {
  try {
    return await runRound({ host, writers: 3, messages: 12, devices: 2, answersEvery: 5, ...options });
  } finally {
    await host.close();
  }
}

/** A store that takes every commit, whatever it expects. */
function careless(store: Store): Store {
  return {
    get: (keys) => store.get(keys),
    list: (prefix) => store.list(prefix),
    commit: (batch: Batch) => store.commit({ ...batch, expect: [] }),
    close: () => store.close(),
  };
}

describe('many writers of one account', () => {
  test('on one memory: every message is read once on each device, no slot is used twice, answers come through', async () => {
    const round = await roundOn(memoryHost(), {});
    expect(problemsOf(round)).toEqual([]);
    expect(round.messages).toBe(36);
    expect(round.answers).toBeGreaterThan(10);
    expect(round.conflicts).toBeGreaterThan(0);
    expect(describeRound(round, round)).toContain('(1.00 of one writer');
  });

  test('in two processes on one SQLite file', async () => {
    const round = await roundOn(await sqliteHost(), { writers: 2, messages: 25, devices: 1 });
    expect(problemsOf(round)).toEqual([]);
    expect(round.messages).toBe(50);
  });

  test('a store that does not compare is found out: slots are used twice', async () => {
    const round = await roundOn(memoryHost({ wrap: careless }), { devices: 1 });
    expect(round.reusedSlots).not.toEqual([]);
    expect(problemsOf(round).join()).toMatch(/ratchet slots used twice/);
  });
});
