import { runStoreCheck, storeChecks } from '@omemo-kit/store-conformance/checks';
import { describe, expect, it } from 'vitest';
import { brokenStores } from '../stores/broken-stores.ts';

const nothing = 'nothing was found';

describe.each(brokenStores)('$defect', ({ options, caughtBy }) => {
  it.each(caughtBy)('is caught by %s', async (name) => {
    const check = storeChecks.find((each) => each.name === name);
    if (check === undefined) throw new RangeError(`no check is named ${name}`);
    const found = await runStoreCheck(check, options).then(
      () => nothing,
      (error: unknown) => String(error),
    );
    expect(found).not.toBe(nothing);
  });
});

it('every check catches a broken store', () => {
  const proven = new Set(brokenStores.flatMap(({ caughtBy }) => caughtBy));
  expect(storeChecks.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
});

it('every check has a name of its own', () => {
  expect(new Set(storeChecks.map(({ name }) => name)).size).toBe(storeChecks.length);
});
