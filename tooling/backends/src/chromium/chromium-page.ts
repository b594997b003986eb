import type { BrowserContext, Page, Worker } from 'playwright-core';
import type { ModuleAlias } from './bundle-entry.ts';
import { ChromiumError } from './chromium-error.ts';
import type { PageServer } from './page-server.ts';

/** What an entry exports: functions of plain data (byte arrays included) that return plain data or a promise of it. */
// biome-ignore lint/suspicious/noExplicitAny: any function that takes something is one.
export type EntryFunctions = Readonly<Record<string, any>>;

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never) => infer R ? Awaited<R> : never;

/** A page or a worker with an entry loaded. */
export interface EntryRealm<Entry extends EntryFunctions> {
  /**
   * Calls a function that the entry exports and waits for its result. Rejects with what it threw (message and stack only),
   * or with a `ChromiumError` `gone` when the browser, page or worker ends meanwhile.
   */
  call<Name extends keyof Entry & string>(name: Name, ...args: Arguments<Entry[Name]>): Promise<Result<Entry[Name]>>;
  close(): Promise<void>;
}

/** Playwright says in words only that there is nobody left to answer. */
async function orGone<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const isGone =
      error instanceof Error && /has been closed|Target (?:closed|crashed)|was destroyed/.test(error.message);
    if (!isGone) throw error;
    throw new ChromiumError('gone', 'the browser, page or worker ended during the call', { cause: error });
  }
}

interface ExportCall {
  readonly url: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * These run in the browser. They are made from text because a test runner rewrites what it takes for an import of its own. A
 * module is there once: an import finds what an earlier one has loaded.
 */
const callExport = new Function(
  'call',
  'return import(call.url).then((module) => module[call.name](...call.args))',
) as (call: ExportCall) => Promise<unknown>;
const loadModule = new Function('url', 'return import(url).then(() => {})') as (url: string) => Promise<void>;
const startWorker = new Function('url', "new Worker(url, { type: 'module' })") as (url: string) => void;

/** A tab that shows the empty page, with the functions of an entry to call. */
export class ChromiumPage<Entry extends EntryFunctions = EntryFunctions> implements EntryRealm<Entry> {
  /** Playwright's own page, for what is not offered here. */
  readonly page: Page;
  readonly #server: PageServer;
  readonly #url: string;
  readonly #release: () => Promise<void>;

  /** @internal Opened by `Chromium.openPage`. `release` ends what the page has to itself. */
  constructor(options: { page: Page; server: PageServer; url: string; release: () => Promise<void> }) {
    this.page = options.page;
    this.#server = options.server;
    this.#url = options.url;
    this.#release = options.release;
  }

  async call<Name extends keyof Entry & string>(
    name: Name,
    ...args: Arguments<Entry[Name]>
  ): Promise<Result<Entry[Name]>> {
    return (await orGone(this.page.evaluate(callExport, { url: this.#url, name, args }))) as Result<Entry[Name]>;
  }

  /** Starts a dedicated module worker of this page from another entry. */
  async openWorker<WorkerEntry extends EntryFunctions = EntryFunctions>(
    entry: string | URL,
  ): Promise<EntryRealm<WorkerEntry>> {
    const url = new URL(await this.#server.serve(entry), this.#url).href;
    const started = this.page.waitForEvent('worker');
    await this.page.evaluate(startWorker, url);
    const worker: Worker = await started;
    return {
      call: async (name, ...args) => (await orGone(worker.evaluate(callExport, { url, name, args }))) as never,
      close: async () => {
        await worker.evaluate('close()').catch(() => {});
      },
    };
  }

  /** Loads page and entry anew: everything that the page held in memory is gone, and its workers with it. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.evaluate(loadModule, this.#url);
  }

  /** Limits what the origin may store, in bytes, for as long as the page is open; undefined takes the limit away. */
  async limitQuota(bytes: number | undefined): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const { origin } = new URL(this.#url);
    await session.send(
      'Storage.overrideQuotaForOrigin',
      bytes === undefined ? { origin } : { origin, quotaSize: bytes },
    );
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.#release();
  }
}

/** Opens the empty page in a window and loads the entry. */
export async function openPageIn<Entry extends EntryFunctions>(options: {
  context: BrowserContext;
  server: PageServer;
  origin: string;
  entry: string | URL;
  alias?: ModuleAlias | undefined;
  release: () => Promise<void>;
}): Promise<ChromiumPage<Entry>> {
  const { context, server, origin, entry, alias, release } = options;
  const url = new URL(await server.serve(entry, alias), origin).href;
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.evaluate(loadModule, url);
  return new ChromiumPage<Entry>({ page, server, url, release });
}
