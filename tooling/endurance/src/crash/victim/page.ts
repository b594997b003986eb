/// <reference lib="dom" />
import { IndexedDbStore } from '@omemo-kit/storage-indexeddb';
import type { OpenedStore } from '../../stores/opened-store.ts';
import { describe } from './describe.ts';
import type { Order, Report, VictimOptions } from './messages.ts';
import { Victim } from './victim.ts';
import type { Parking } from './windows.ts';

/** The name of the function through which a page tells its parent, a report in JSON each time. */
export const TELL = 'omemoTell';

let victim: Promise<Victim> | undefined;

/** Starts the victim of this page. What becomes of it is told, not returned. */
export function start(options: VictimOptions): void {
  tell({ type: 'hello' });
  victim = Victim.open(options, { tell, standStill, openStore });
  victim.catch((error: unknown) => tell({ type: 'fatal', what: describe(error) }));
}

export async function obey(order: Order): Promise<void> {
  (await victim)?.obey(order);
}

function tell(report: Report): void {
  (globalThis as unknown as Record<string, (text: string) => void>)[TELL]?.(JSON.stringify(report));
}

/** A page cannot stop as a process can: what it has put off goes on. */
function standStill(_until: Parking['until']): Promise<void> {
  return new Promise(() => {});
}

async function openStore(): Promise<OpenedStore> {
  const store = await IndexedDbStore.open({ name: 'victim', persist: 'never' });
  return {
    store,
    // The browser has no check of its own but this; that every record is read is what the victim sees to.
    integrityProblems: async () =>
      store.history === 'made after a loss' ? ['Chromium says that it threw a damaged database away'] : [],
    close: () => store.close(),
  };
}
