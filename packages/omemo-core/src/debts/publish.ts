import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type NodeOptions, type PublishRequest, TransportError } from '../ports/transport.ts';
import { optionsFor } from './node-options.ts';
import { type Prepared, prepareNode } from './prepare-node.ts';
import { isUnanswered } from './unanswered.ts';

export interface Publication {
  readonly node: string;
  readonly item: PublishRequest['item'];
  /** How many items the node has to hold. */
  readonly items: 'one' | 'many';
}

/** Access models under which not even contacts can read (XEP-0060 4.5). */
const CLOSED: readonly (string | undefined)[] = ['whitelist', 'authorize'];

/**
 * Publishes an item on a node that is open, and wide enough for all devices. The first time, a node that exists is set
 * right before anything is put there, since a server may ignore publish-options and keep one item only (S54, S55); one
 * that does not exist yet is made with the options and looked at after. A server that refuses the options is met half-way
 * (XEP-0384 5.3.2, R67; 7.1, R121; XEP-0060 8.2); what it lacks is reported by `node-configuration`.
 *
 * @throws TransportError, OmemoError `publication-failed` when nobody could read what is published.
 */
export async function publish(context: AccountContext, publication: Publication, signal?: AbortSignal): Promise<void> {
  const { node, item, items } = publication;
  const options = optionsFor(items);
  const known = context.preparedNodes.get(node);
  if (known === 'without-options') return context.transport.publish({ node, item }, signal);
  const before = known === undefined ? await prepareNode(context, { node, options }, signal) : undefined;
  const done = await publishItem(context, { ...publication, options }, signal);
  const lookAgain = before === 'absent' || (before === undefined && done !== 'with-options');
  const now = lookAgain ? await prepareNode(context, { node, options }, signal) : before;
  assertReadable(node, now, done);
  context.preparedNodes.set(node, done === 'without-options' ? done : 'with-options');
}

/** `repaired`: only once the node was configured; `without-options`: this server does not take them. */
type Done = 'with-options' | 'repaired' | 'without-options';

async function publishItem(
  context: AccountContext,
  publication: Publication & { readonly options: NodeOptions },
  signal: AbortSignal | undefined,
): Promise<Done> {
  const { transport } = context;
  const { node, item, options } = publication;
  try {
    await transport.publish({ node, item, options }, signal);
    return 'with-options';
  } catch (error) {
    if (!(error instanceof TransportError) || isUnanswered(error)) throw error;
    // A node that exists and is configured otherwise (XEP-0384 5.3.2, XEP-0060 7.1.5 and 8.2).
    const unmet = error.applicationCondition === 'precondition-not-met';
    if (unmet) await prepareNode(context, { node, options }, signal);
    // Configured as far as the server goes, or about to be: the options need not come along.
    await transport.publish({ node, item }, signal);
    if (!unmet) reportRefusal(context, publication, error);
    return unmet ? 'repaired' : 'without-options';
  }
}

function reportRefusal(
  context: AccountContext,
  { node, options }: Publication & { readonly options: NodeOptions },
  { condition }: TransportError,
): void {
  const asked = Object.entries(options).map(([field, value]) => `${field}=${value}`);
  context.emit('node-configuration', {
    node,
    field: 'publish-options',
    asked: asked.join(' '),
    got: condition,
    outcome: 'worked-around',
  });
}

/** Where contacts at least can read, OMEMO works. */
function assertReadable(node: string, now: Prepared | undefined, done: Done): void {
  const closed = typeof now === 'object' && CLOSED.includes(now.access);
  // With neither options nor configuration it is as the server makes nodes, which is for contacts at best.
  if (!closed && (now !== 'refused' || done === 'with-options')) return;
  throw new OmemoError('publication-failed', `the node ${node} cannot be opened`);
}
