import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type NodeOptions, type PublishRequest, TransportError } from '../ports/transport.ts';

/** Anybody may read device lists and bundles (XEP-0384 5.3.1, 5.3.2). */
const OPEN: NodeOptions = { 'pubsub#access_model': 'open', 'pubsub#persist_items': 'true' };
/** The bundles node holds an item for each device (XEP-0384 5.3.2). */
const MANY: NodeOptions = { ...OPEN, 'pubsub#max_items': 'max' };

/** Numbers to ask for where a server knows no "max" (X05). */
const FALLBACK_MAX_ITEMS = ['1000', '255', '100', '10'];

export interface Publication {
  readonly node: string;
  readonly item: PublishRequest['item'];
  /** How many items the node has to hold. */
  readonly items: 'one' | 'many';
}

/**
 * Publishes an item on a node that is open, and wide enough for all devices. A server that refuses the options is met
 * half-way: an existing node is reconfigured (XEP-0384 5.3.2, XEP-0060 8.2), and where it does not take the options
 * with the item at all the item is published first and the node configured after.
 *
 * @throws TransportError when none of that works.
 */
export async function publish(context: AccountContext, publication: Publication, signal?: AbortSignal): Promise<void> {
  const { transport } = context;
  const { node, item, items } = publication;
  const options = items === 'many' ? MANY : OPEN;
  try {
    await transport.publish({ node, item, options }, signal);
  } catch (error) {
    if (!(error instanceof TransportError) || NO_ANSWER.has(error.condition)) throw error;
    if (error.applicationCondition === 'precondition-not-met') {
      await configure(context, node, options, signal);
      await transport.publish({ node, item, options }, signal).catch(async (again) => {
        // Configured as far as the server goes: what it still does not meet, it cannot.
        if (!(again instanceof TransportError) || NO_ANSWER.has(again.condition)) throw again;
        await transport.publish({ node, item }, signal);
      });
      return;
    }
    await transport.publish({ node, item }, signal);
    await configure(context, node, options, signal);
  }
}

/** There was no answer that other options could change. */
const NO_ANSWER = new Set(['timeout', 'disconnected', 'aborted']);

async function configure(
  context: AccountContext,
  node: string,
  options: NodeOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { transport } = context;
  try {
    return await transport.configure({ node, options }, signal);
  } catch (error) {
    if (options['pubsub#max_items'] === undefined) throw error;
  }
  for (const maxItems of FALLBACK_MAX_ITEMS) {
    try {
      return await transport.configure({ node, options: { ...options, 'pubsub#max_items': maxItems } }, signal);
    } catch {
      // The next smaller one.
    }
  }
  throw new OmemoError('publication-failed', `the node ${node} cannot be configured for several items`);
}
