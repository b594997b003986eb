import type { AccountContext } from '../context.ts';
import { checkCounter } from './counter.ts';
import { checkPublishedBundle } from './published-bundle.ts';

/**
 * Compares the store with what is known of it outside, unless this instance has done so: before anything goes out that an
 * old copy might send with used keys, and before a bundle is published over the one that is the witness.
 *
 * @throws OmemoError `store-rolled-back`, noted in the store; `witness-unavailable`; TransportError when the server could
 * not be asked.
 */
export async function compareOnce(context: AccountContext, signal?: AbortSignal): Promise<void> {
  if (!context.witness.asked) await compare(context, signal);
}

/** The same also if it was done before: with every new connection. */
export async function compare(context: AccountContext, signal?: AbortSignal): Promise<void> {
  await checkCounter(context, signal);
  await checkPublishedBundle(context, signal);
}
