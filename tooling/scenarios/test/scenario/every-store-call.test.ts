import type { StoreErrorCode } from '@omemo-kit/omemo-core';
import { afterAll, describe, expect, test } from 'vitest';
import { type BusyDay, busyDay, type CallSite } from '../../src/busy-day.ts';
import type { FaultMoment, StoreFault, StoreOperation } from '../../src/store-faults.ts';

const moments: readonly FaultMoment[] = ['before', 'after'];

/** What a call may fail with. A commit that happened and says otherwise breaks the contract, and is survived as well. */
const codes: Readonly<Record<StoreOperation, readonly StoreErrorCode[]>> = {
  get: ['unavailable'],
  list: ['unavailable'],
  commit: ['unavailable', 'indeterminate', 'quota', 'conflict'],
  close: ['unavailable'],
};

/** Faults of one kind that a run without `OMEMO_FAULTS` injects: at calls all over the day, others with another seed. */
const SAMPLE = 5;

/** `OMEMO_FAULTS=all` injects all; without it a sample that the seed draws. */
function chosen(sites: readonly CallSite[]): readonly CallSite[] {
  if (process.env['OMEMO_FAULTS'] === 'all' || sites.length <= SAMPLE) return sites;
  const step = sites.length / SAMPLE;
  const offset = (Number(process.env['OMEMO_SEED']) % 97) / 97;
  return Array.from({ length: SAMPLE }, (_, n) => sites[Math.floor((n + offset) * step)]!);
}

function expectHarmless(day: BusyDay, { code, operation, moment }: StoreFault): void {
  expect(day.fired).toBe(true);
  expect(day.reusedKeys).toEqual([]);
  expect(day.unread).toEqual([]);
  expect(day.shown).toEqual(day.sentToBob);
  expect(day.phone).toEqual(day.sentToPhone);
  expect(day.tablet).toEqual(day.sentToTablet);
  expect(day.republished).toEqual([]);
  expect({ inbox: day.inbox, outbox: day.outbox, debts: day.debts }).toEqual({ inbox: 0, outbox: 0, debts: [] });
  expect(day.told.length).toBeLessThanOrEqual(1);
  // Reading tells what became of it, and what did not happen is done again: nobody hears of it.
  const resolved = code === 'indeterminate' || (code === 'conflict' && moment === 'before');
  if (operation === 'commit' && resolved) expect(day.told).toEqual([]);
}

describe('each call to the store on a busy day fails once', () => {
  const kinds = Object.entries(codes).flatMap(([operation, all]) =>
    moments.flatMap((moment) => all.map((code) => ({ operation: operation as StoreOperation, moment, code }))),
  );
  // A connection that died, and a server that goes on with what it was told.
  kinds.push({ operation: 'commit', moment: 'late', code: 'indeterminate' });

  let injected = 0;
  let possible = 0;
  afterAll(() =>
    console.log(`${injected} faults injected into the store, of ${possible} that there are (OMEMO_FAULTS=all)`),
  );

  test('the day makes every kind of call many times over', async () => {
    const { sites, told, ...day } = await busyDay();
    const count = (operation: StoreOperation) => sites.filter((site) => site.operation === operation).length;
    expect(count('get')).toBeGreaterThan(200);
    expect(count('commit')).toBeGreaterThan(60);
    expect(count('list')).toBeGreaterThan(20);
    expect(count('close')).toBe(1);
    expect(told).toEqual([]);
    expect(day.shown).toHaveLength(12);
    expect((await busyDay()).sites).toEqual(sites);
  });

  test.each(kinds)(
    '$moment a $operation with $code: nothing lost, doubled or stuck',
    { timeout: 600_000 },
    async (kind) => {
      const sites = (await busyDay()).sites.filter(({ operation }) => operation === kind.operation);
      const tried = chosen(sites);
      for (const { call, place } of tried) {
        const fault = { ...kind, call };
        await busyDay(fault)
          .then((day) => expectHarmless(day, fault))
          .catch((cause) => {
            throw new Error(`${place} (call ${call}): ${cause instanceof Error ? cause.message : String(cause)}`, {
              cause,
            });
          });
      }
      injected += tried.length;
      possible += sites.length;
    },
  );

  test('a commit that never happened is noticed', async () => {
    const { sites } = await busyDay();
    const { call } = sites.find(
      ({ operation, place }) => operation === 'commit' && /close and reopen.*session.*outbox/.test(place),
    )!;
    const fault = { operation: 'commit', call, moment: 'instead', code: 'unavailable' } as const;
    const day = await busyDay(fault);
    expect(day.reusedKeys).not.toEqual([]);
    expect(() => expectHarmless(day, fault)).toThrow();
  });
});
