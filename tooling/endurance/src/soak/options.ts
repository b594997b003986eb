import { parseArgs } from 'node:util';
import { type SoakStoreName, soakStores } from './soak-store.ts';

export interface SoakArguments {
  readonly store: SoakStoreName;
  readonly messages: number;
  readonly samples: number;
  readonly seed: number;
  readonly leak: boolean;
}

/** @throws RangeError for a store that there is not, or a number that is none. */
export function soakArguments(args: readonly string[]): SoakArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'sqlite' },
      messages: { type: 'string', default: '20000' },
      samples: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      leak: { type: 'boolean', default: false },
    },
  });
  const store = soakStores.find((name) => name === values.store);
  if (store === undefined) throw new RangeError(`--store is one of ${soakStores.join(', ')}; it was "${values.store}"`);
  return {
    store,
    messages: wholeNumber('--messages', values.messages),
    samples: wholeNumber('--samples', values.samples),
    seed: wholeNumber('--seed', values.seed),
    leak: values.leak,
  };
}

function wholeNumber(name: string, given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} is a whole number from 1 on; it was "${given}"`);
}
