import type { StoreName } from '../options.ts';
import { sqliteHost } from './sqlite-host.ts';
import type { VictimHost } from './victim-host.ts';

/** A host for victims on this kind of store, or what is missing here and how to install it. */
export async function openHost(store: StoreName): Promise<VictimHost | { readonly missing: string }> {
  if (store === 'sqlite') return sqliteHost();
  return { missing: store };
}
