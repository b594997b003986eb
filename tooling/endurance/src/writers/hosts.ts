import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { postgresAvailability } from '@omemo-kit/backends/postgres';
import { chromiumHost } from './chromium-host.ts';
import { memoryHost } from './memory-host.ts';
import type { StoreName } from './options.ts';
import { postgresHost } from './postgres-host.ts';
import { sqliteHost } from './sqlite-host.ts';
import type { WriterHost } from './writer-host.ts';

export function openHost(store: StoreName): Promise<WriterHost> {
  if (store === 'postgres') return postgresHost();
  if (store === 'indexeddb') return chromiumHost();
  return store === 'sqlite' ? sqliteHost() : Promise.resolve(memoryHost());
}

/** Why there are no writers on this store on this machine, and what would help; undefined when there can be. */
export function missingFor(store: StoreName): string | undefined {
  const backend =
    store === 'postgres' ? postgresAvailability() : store === 'indexeddb' ? chromiumAvailability() : undefined;
  if (backend === undefined || backend.available) return undefined;
  return `${backend.name} is missing: ${backend.reason}; to install it: ${backend.install}`;
}
