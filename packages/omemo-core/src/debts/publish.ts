import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type NodeOptions, type PublishRequest, TransportError } from '../ports/transport.ts';

/** Anybody may read device lists and bundles (XEP-0384 5.3.1, 5.3.2). */
const OPEN: NodeOptions = { 'pubsub#access_model': 'open', 'pubsub#persist_items': 'true' };
/** The bundles node holds an item for each device (XEP-0384 5.3.2). */
const MAX_ITEMS = 'pubsub#max_items';
const MANY: NodeOptions = { ...OPEN, [MAX_ITEMS]: 'max' };

/** Numbers to ask for where a server knows no "max" (X05). */
const FALLBACK_MAX_ITEMS = ['1000', '255', '100', '10'];

export interface Publication {
  readonly node: string;
  readonly item: PublishRequest['item'];
  /** How many items the node has to hold. */
  readonly items: 'one' | 'many';
}

/**
 * Publishes an item on a node that is open, and wide enough for all devices. The first time, a node that exists is set
 * right before anything is put there, since a server may ignore publish-options and keep one item only (S54, S55); one
 * that does not exist yet is made with the options and set right after. A server that refuses the options is met half-way
 * (XEP-0384 5.3.2, XEP-0060 8.2).
 *
 * @throws TransportError, OmemoError `publication-failed` when none of that works.
 */
export async function publish(context: AccountContext, publication: Publication, signal?: AbortSignal): Promise<void> {
  const { node, items } = publication;
  const options = items === 'many' ? MANY : OPEN;
  const first = !context.preparedNodes.has(node);
  const prepared = first && (await configure(context, { node, options }, signal));
  await publishItem(context, { ...publication, options }, signal);
  if (first && !prepared) await configure(context, { node, options }, signal);
  context.preparedNodes.add(node);
}

async function publishItem(
  context: AccountContext,
  publication: Publication & { readonly options: NodeOptions },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { transport } = context;
  const { node, item, options } = publication;
  try {
    await transport.publish({ node, item, options }, signal);
  } catch (error) {
    if (!(error instanceof TransportError) || NO_ANSWER.has(error.condition)) throw error;
    if (error.applicationCondition === 'precondition-not-met') await configure(context, { node, options }, signal);
    // Configured as far as the server goes, or about to be: the options need not come along.
    await transport.publish({ node, item }, signal);
    if (await configure(context, { node, options }, signal)) return;
    throw new OmemoError('publication-failed', `the node ${node} cannot be opened`, { cause: error });
  }
}

/** There was no answer that other options could change. */
const NO_ANSWER = new Set(['timeout', 'disconnected', 'aborted']);

/** Configures an own node, with the widest number of items that the server takes; false when it takes none. */
async function configure(
  context: AccountContext,
  { node, options }: { readonly node: string; readonly options: NodeOptions },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const variant of variantsOf(options)) {
    try {
      await context.transport.configure({ node, options: variant }, signal);
      return true;
    } catch (error) {
      if (!(error instanceof TransportError) || NO_ANSWER.has(error.condition)) throw error;
      if (error.condition === 'item-not-found') return false;
    }
  }
  return false;
}

function variantsOf(options: NodeOptions): readonly NodeOptions[] {
  if (options[MAX_ITEMS] === undefined) return [options];
  return [options, ...FALLBACK_MAX_ITEMS.map((maxItems) => ({ ...options, [MAX_ITEMS]: maxItems }))];
}
