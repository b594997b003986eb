import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chromium, launchChromium } from '@omemo-kit/backends/chromium';
import type { Report, VictimOptions } from '../victim/messages.ts';
import type { RunningVictim, VictimHost } from './victim-host.ts';

type PageEntry = typeof import('../victim/page.ts');

const ENTRY = new URL('../victim/page.ts', import.meta.url);
/** `TELL` of the page, which is not to be loaded here. */
const TELL: PageEntry['TELL'] = 'omemoTell';

/** Victims in pages: each in a browser of its own, one after the other on one profile. */
export async function indexedDbHost(): Promise<VictimHost> {
  const userDataDir = await mkdtemp(join(tmpdir(), 'omemo-crash-'));
  let running: Chromium | undefined;
  return {
    name: 'IndexedDB in Chromium',
    start: async (options, tell) => {
      running = await launchChromium({ userDataDir });
      return startPage(running, options, tell);
    },
    close: async () => {
      await running?.close();
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

async function startPage(
  chromium: Chromium,
  options: VictimOptions,
  tell: (report: Report) => void,
): Promise<RunningVictim> {
  let end: (errors: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const page = await chromium.openPage<PageEntry>({ entry: ENTRY });
  page.page.once('crash', () => end('the page crashed'));
  page.page.once('close', () => end('the page was closed'));
  const session = await page.page.context().newCDPSession(page.page);
  // Heard in the order it was told.
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === TELL) tell(JSON.parse(payload) as Report);
  });
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: TELL });
  await page.call('start', options);
  return {
    ended,
    // It may be dead before it has heard it.
    post: (order) => void page.call('obey', order).catch(() => {}),
    kill: async () => {
      await chromium.kill();
      await chromium.close();
      end('killed');
    },
  };
}
