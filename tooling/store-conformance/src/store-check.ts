import type { Store } from '@omemo-kit/omemo-core/ports';
import { type Capability, offers, type StoreConformanceOptions } from './options.ts';

/** One rule of the contract of the Store port, as a plain asynchronous function. */
export interface StoreCheck {
  /** What holds, as a sentence that begins with the group. Unique, and kept from release to release. */
  readonly name: string;
  readonly needs: readonly Capability[];
  /** Throws a `StoreConformanceError` when the store breaks the rule. */
  run(place: CheckPlace): Promise<void>;
}

/** The place that a check works on. */
export interface CheckPlace {
  /** A store on the place; it is closed when the check is over. */
  open(): Promise<Store>;
  /** A store on another place. */
  openElsewhere(): Promise<Store>;
  crash(): Promise<void>;
  openSmall(): Promise<Store>;
  makeNewer(): Promise<void>;
}

let places = 0;

/** Whether the store offers what the check needs. */
export function applies(check: StoreCheck, options: StoreConformanceOptions): boolean {
  return check.needs.every((capability) => offers(options, capability));
}

/**
 * Runs one check on new places, closes what it opened and removes them. Rejects with what the check threw, or the store on
 * opening and closing.
 */
export async function runStoreCheck(check: StoreCheck, options: StoreConformanceOptions): Promise<void> {
  const place = `check-${++places}`;
  const elsewhere = `${place}-elsewhere`;
  const opened: Store[] = [];
  const keep = (store: Store): Store => {
    opened.push(store);
    return store;
  };
  const clear = async (): Promise<void> => {
    for (const store of opened) await store.close();
    await options.remove?.(place);
    await options.remove?.(elsewhere);
  };
  try {
    await check.run({
      open: async () => keep(await options.open(place)),
      openElsewhere: async () => keep(await options.open(elsewhere)),
      crash: async () => {
        // What a crash left behind cannot be closed any more.
        opened.length = 0;
        await options.crash?.(place);
      },
      openSmall: async () => keep((await options.openSmall?.(place)) ?? (await options.open(place))),
      makeNewer: async () => options.makeNewer?.(place),
    });
  } catch (error) {
    // What the check found counts, not what follows from it.
    await clear().catch(() => {});
    throw error;
  }
  await clear();
}
