import { StoreError } from '@omemo-kit/omemo-core/ports';
import { applies, runStoreCheck, type StoreCheck, storeChecks } from '@omemo-kit/store-conformance/checks';
import { expect, it } from 'vitest';
import { plainOptions } from '../stores/broken-stores.ts';
import { PlainStore } from '../stores/plain-store.ts';

it('leaves out what the store does not offer', () => {
  const options = { name: 'little', open: () => new PlainStore(new Map()) };
  const namesFor = (more: object) =>
    storeChecks.filter((check) => !applies(check, { ...options, ...more })).flatMap(({ needs }) => needs);
  expect([...new Set(namesFor({}))].sort()).toEqual(['crash', 'newer release', 'small place']);
  expect(new Set(namesFor({ openers: 'one', reopening: 'forgets' }))).toContain('several openers');
  expect(namesFor({ reopening: 'forgets' })).toContain('reopening');
  expect(storeChecks.every((check) => applies(check, plainOptions()))).toBe(true);
});

it('closes what a check opened and removes its places, also when it fails', async () => {
  const events: string[] = [];
  class Watched extends PlainStore {
    override async close(): Promise<void> {
      events.push('close');
    }
  }
  const options = {
    name: 'watched',
    open: (place: string) => {
      events.push(`open ${place.replace(/\d+/, 'n')}`);
      return new Watched(new Map());
    },
    remove: (place: string) => void events.push(`remove ${place.replace(/\d+/, 'n')}`),
  };
  const check: StoreCheck = {
    name: 'fails',
    needs: [],
    run: async ({ open, openElsewhere }) => {
      await open();
      await openElsewhere();
      throw new RangeError('what the check found');
    },
  };
  await expect(runStoreCheck(check, options)).rejects.toThrow('what the check found');
  expect(events).toEqual([
    'open check-n',
    'open check-n-elsewhere',
    'close',
    'close',
    'remove check-n',
    'remove check-n-elsewhere',
  ]);
});

it('fails when a store cannot be closed, and says first what the check found', async () => {
  class Stuck extends PlainStore {
    override async close(): Promise<void> {
      throw new StoreError('unavailable', 'stuck');
    }
  }
  const options = { name: 'stuck', open: () => new Stuck(new Map()) };
  const passes: StoreCheck = { name: 'passes', needs: [], run: async ({ open }) => void (await open()) };
  await expect(runStoreCheck(passes, options)).rejects.toThrow('stuck');
  const fails: StoreCheck = {
    ...passes,
    run: async ({ open }) => {
      await open();
      throw new RangeError('found');
    },
  };
  await expect(runStoreCheck(fails, options)).rejects.toThrow('found');
});
