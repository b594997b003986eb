/** In Node: tabs of one browser with the functions of the lab. */
import { type Chromium, type ChromiumPage, launchChromium, type PageOptions } from '@omemo-kit/backends/chromium';
import type { Batch, Put, Store } from '@omemo-kit/omemo-core/ports';
import { afterAll, afterEach, beforeAll } from 'vitest';

export type LabEntry = typeof import('./lab-entry.ts');

export const labEntry = new URL('lab-entry.ts', import.meta.url);

/**
 * One browser for the block it is called in. Returns how a test gets a tab in which nothing has happened yet. Tabs that are no
 * longer used are loaded anew, which is quicker than to open others; private windows are closed.
 */
export function useLab(): (options?: Pick<PageOptions, 'window'>) => Promise<ChromiumPage<LabEntry>> {
  let chromium: Chromium;
  const free: ChromiumPage<LabEntry>[] = [];
  const used: ChromiumPage<LabEntry>[] = [];
  const windows: ChromiumPage<LabEntry>[] = [];
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterEach(async () => {
    for (const page of windows.splice(0)) await page.close();
    for (const page of used) await page.reload();
    free.push(...used.splice(0));
  });
  afterAll(() => chromium?.close());
  return async ({ window = 'normal' } = {}) => {
    const page =
      (window === 'normal' ? free.pop() : undefined) ??
      (await chromium.openPage<LabEntry>({ window, entry: labEntry }));
    (window === 'private' ? windows : used).push(page);
    return page;
  };
}

/** A batch of what is given, under a new id. */
export function batch(parts: Partial<Batch>): Batch {
  return { id: crypto.getRandomValues(new Uint8Array(16)), expect: [], put: [], remove: [], ...parts };
}

export function put(key: string, ...bytes: number[]): Put {
  return { key, value: Uint8Array.from(bytes), version: 1 };
}

/** Code of the `StoreError` that a call fails with, `fine` when it does not. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'fine',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

/** First byte of a record. */
export async function byteAt(store: Store, key: string): Promise<number | undefined> {
  return (await store.get([key]))[0]?.value[0];
}

/** Every record of a listing. */
export async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const record of records) found.push(record);
  return found;
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
