import { type EntryRealm, launchChromium } from '@omemo-kit/backends/chromium';
import type { Order, Report } from './messages.ts';
import type { RunningWriter, WriterHost } from './writer-host.ts';

type Entry = typeof import('./page.ts');

const ENTRY = new URL('./page.ts', import.meta.url);
const DATABASE = 'writers';

/** Tabs and workers of one origin on one database: every third writer is a worker of the tab before it. */
export async function chromiumHost(): Promise<WriterHost> {
  const browser = await launchChromium();
  let started = 0;
  let tab: Promise<EntryRealm<Entry> & { openWorker(entry: URL): Promise<EntryRealm<Entry>> }> | undefined;
  return {
    name: 'IndexedDB, tabs and workers',
    start: async (options, tell) => {
      const worker = started++ % 3 === 2;
      const before = tab;
      if (!worker) tab = browser.openPage<Entry>({ entry: ENTRY });
      const realm = worker && before !== undefined ? await (await before).openWorker(ENTRY) : await tab!;
      const running = drive(realm, tell);
      await realm.call('open', options, DATABASE);
      return running;
    },
    close: () => browser.close(),
  };
}

/** A page can be called and cannot call: what it has to tell is asked for, again and again. */
function drive(realm: EntryRealm<Entry>, tell: (report: Report) => void): RunningWriter {
  let orders: Order[] = [];
  let posting: Promise<unknown> = Promise.resolve();
  const listen = async (): Promise<string> => {
    for (;;) {
      for (const report of await realm.call('takeReports')) {
        tell(report);
        if (report.type === 'finished') return '';
      }
    }
  };
  const ended = listen().catch((error: unknown) => String(error));
  const post = (order: Order) => {
    orders.push(order);
    if (orders.length > 1) return;
    // Those that come while a call is under way go together with the next.
    posting = posting.then(() => {
      const together = orders;
      orders = [];
      return realm.call('obey', together).catch(() => undefined);
    });
  };
  return { ended, post, kill: () => realm.close().catch(() => undefined) };
}
