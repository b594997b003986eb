import { parseArgs } from 'node:util';

export const storeNames = ['sqlite', 'postgres', 'indexeddb', 'memory'] as const;
export type StoreName = (typeof storeNames)[number];

export interface StorePlan {
  readonly store: StoreName;
  readonly writers: number;
  /** Messages of each writer. */
  readonly messages: number;
}

/** What a run without options does: what is promised of each store. */
const plans: Readonly<Record<StoreName, StorePlan>> = {
  sqlite: { store: 'sqlite', writers: 4, messages: 2_000 },
  postgres: { store: 'postgres', writers: 8, messages: 500 },
  indexeddb: { store: 'indexeddb', writers: 3, messages: 300 },
  memory: { store: 'memory', writers: 4, messages: 250 },
};

export interface WritersOptions {
  readonly plans: readonly StorePlan[];
  readonly devices: number;
  readonly answersEvery: number;
}

/** @throws RangeError for a store that there is not, or a number that is none. */
export function writersOptions(args: readonly string[]): WritersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', multiple: true },
      writers: { type: 'string' },
      messages: { type: 'string' },
      devices: { type: 'string', default: '1' },
      'answers-every': { type: 'string', default: '40' },
    },
  });
  const stores = values.store ?? ['sqlite', 'postgres', 'indexeddb'];
  return {
    plans: stores.map((store) => {
      const plan = plans[store as StoreName];
      if (plan === undefined) throw new RangeError(`--store is one of ${storeNames.join(', ')}; it was "${store}"`);
      return {
        store: plan.store,
        writers: wholeNumber('--writers', values.writers, plan.writers),
        messages: wholeNumber('--messages', values.messages, plan.messages),
      };
    }),
    devices: wholeNumber('--devices', values.devices, 1),
    answersEvery: wholeNumber('--answers-every', values['answers-every'], 40, 0),
  };
}

function wholeNumber(name: string, given: string | undefined, usual: number, least = 1): number {
  if (given === undefined) return usual;
  const number = Number(given);
  if (Number.isInteger(number) && number >= least) return number;
  throw new RangeError(`${name} is a whole number from ${least} on; it was "${given}"`);
}
