import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { UnitGroup } from '../storage/unit-group.ts';
import { type ReceiveResult, taken } from './receive.ts';
import type { ReceiveOptions } from './receive-options.ts';

/**
 * Messages that share a commit. With SQLite a commit is half of what a message costs, and the gain of more than these is small;
 * what a crash takes back is read again from the archive.
 */
const GROUP = 32;

/**
 * Takes in many stanzas in their order, with one commit for some dozens of messages. Everything but the reading of messages
 * happens before that commit, as if it had come first.
 */
export async function receiveAll(
  context: AccountContext,
  stanzas: readonly Element[],
  options: ReceiveOptions & { readonly signal?: AbortSignal | undefined },
): Promise<readonly PromiseSettledResult<ReceiveResult>[]> {
  const outcomes: PromiseSettledResult<ReceiveResult>[] = [];
  for (let first = 0; first < stanzas.length; first += GROUP) {
    const group = new UnitGroup(context.transact);
    const results: Promise<ReceiveResult>[] = [];
    for (const stanza of stanzas.slice(first, first + GROUP)) {
      const { result } = await taken(context, stanza, { ...options, group });
      // It may fail long before somebody looks.
      result.catch(() => undefined);
      results.push(result);
    }
    await group.commit(options.signal);
    outcomes.push(...(await Promise.allSettled(results)));
  }
  return outcomes;
}
