import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromiumAvailability } from './availability.ts';
import type { ModuleAlias } from './bundle-entry.ts';
import { ChromiumError } from './chromium-error.ts';
import { type ChromiumPage, type EntryFunctions, openPageIn } from './chromium-page.ts';
import { PageServer } from './page-server.ts';
import { killGroup, runningInGroup } from './process-group.ts';

/** The same at every launch, whatever port the server has: what a profile stores belongs to an origin. */
const host = 'omemo-kit.localhost';
const origin = `http://${host}`;

export interface LaunchOptions {
  /** The profile's folder, which stays. By default one of its own, removed by `close`. */
  readonly userDataDir?: string;
  /** More command-line switches. */
  readonly args?: readonly string[];
}

export interface PageOptions {
  /** A TypeScript file, of a `file:` URL or path: what it exports can be called. */
  readonly entry: string | URL;
  /** Files that stand for modules. */
  readonly alias?: ModuleAlias;
  /** `private`: in an off-the-record window of its own, gone with the page. */
  readonly window?: 'normal' | 'private';
}

/** Starts a headless Chromium and a server for its pages. @throws ChromiumError `unavailable`. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Chromium> {
  const availability = chromiumAvailability();
  if (!availability.available) {
    throw new ChromiumError('unavailable', `${availability.reason}; to install it: ${availability.install}`);
  }
  const server = await PageServer.start();
  const ownFolder =
    options.userDataDir === undefined ? await mkdtemp(join(tmpdir(), 'omemo-kit-chromium-')) : undefined;
  const userDataDir = options.userDataDir ?? ownFolder!;
  const release = async (): Promise<void> => {
    await server.close();
    if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  try {
    const context = await chromium.launchPersistentContext(userDataDir, {
      executablePath: availability.executable,
      headless: true,
      chromiumSandbox: false,
      args: [
        ...quietSwitches,
        `--host-resolver-rules=MAP ${host}:80 127.0.0.1:${server.port}`,
        ...(options.args ?? []),
      ],
    });
    const browser = context.browser()!;
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const leader = processInfo.find(({ type }) => type === 'browser')!.id;
    return new Chromium({ context, browser, leader, server, userDataDir, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** Nothing that asks the network. */
const quietSwitches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A running browser with one profile. Pages are of one origin, a secure context, at every launch. */
export class Chromium {
  readonly origin = origin;
  readonly userDataDir: string;
  /** Such as `156.0.8078.79`. */
  readonly version: string;
  readonly #context: BrowserContext;
  readonly #browser: Browser;
  readonly #leader: number;
  readonly #server: PageServer;
  readonly #release: () => Promise<void>;
  #ended = false;

  /** @internal Made by `launchChromium`. `leader`: the browser process, at the head of its process group. */
  constructor(options: {
    context: BrowserContext;
    browser: Browser;
    leader: number;
    server: PageServer;
    userDataDir: string;
    release: () => Promise<void>;
  }) {
    this.userDataDir = options.userDataDir;
    this.version = options.browser.version();
    this.#context = options.context;
    this.#browser = options.browser;
    this.#leader = options.leader;
    this.#server = options.server;
    this.#release = options.release;
  }

  /** The browser process: every process of this browser is in its process group. */
  get pid(): number {
    return this.#leader;
  }

  /** Every process of this browser that runs now. Empty where there is no `/proc`. */
  get processes(): readonly number[] {
    return runningInGroup(this.#leader);
  }

  /** Opens another tab and loads the entry in it: `openPage<typeof import('./entry.ts')>(...)` types its calls. */
  async openPage<Entry extends EntryFunctions = EntryFunctions>(options: PageOptions): Promise<ChromiumPage<Entry>> {
    const isPrivate = options.window === 'private';
    const context = isPrivate ? await this.#browser.newContext() : this.#context;
    const release = async (): Promise<void> => {
      if (isPrivate) await context.close();
    };
    return openPageIn<Entry>({
      context,
      server: this.#server,
      origin,
      release,
      entry: options.entry,
      alias: options.alias,
    });
  }

  /**
   * Ends every process of the browser with SIGKILL, as a crash would, and resolves when none of them runs. A profile's folder
   * that was given stays as it is, for `launchChromium` to open again; one of its own stays until `close`.
   */
  async kill(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await killGroup(this.#leader);
    // Else the next launch may take a new process with the number of the old one for the owner of the profile.
    for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) {
      await rm(join(this.userDataDir, name), { force: true });
    }
    await this.#context.close().catch(() => {});
  }

  /** Ends the browser in order, if it still runs, and releases the rest. */
  async close(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      await this.#context.close();
      await killGroup(this.#leader);
    }
    await this.#release();
  }
}
