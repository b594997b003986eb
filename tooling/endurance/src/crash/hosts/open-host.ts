import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { postgresAvailability } from '@omemo-kit/backends/postgres';
import type { StoreName } from '../options.ts';
import { indexedDbHost } from './indexeddb-host.ts';
import { postgresHost } from './postgres-host.ts';
import { sqliteHost } from './sqlite-host.ts';
import type { VictimHost } from './victim-host.ts';

/** A host for victims on this kind of store, or what is missing here and how to install it. */
export async function openHost(store: StoreName): Promise<VictimHost | { readonly missing: string }> {
  if (store === 'sqlite') return sqliteHost();
  const isPostgres = store === 'postgres';
  const availability = isPostgres ? postgresAvailability() : chromiumAvailability();
  if (availability.available) return isPostgres ? postgresHost() : indexedDbHost();
  const { name, reason, install } = availability;
  return { missing: `${name} is missing: ${reason}; to install it: ${install}` };
}
