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
 * (XEP-0384 5.3.2, XEP-0060 8.2); what it lacks is reported by `node-configuration`.
 *
 * @throws TransportError, OmemoError `publication-failed` when nobody could read what is published.
 */
export async function publish(context: AccountContext, publication: Publication, signal?: AbortSignal): Promise<void> {
  const { node, items } = publication;
  const options = optionsFor(items);
  const first = !context.preparedNodes.has(node);
  const before = first ? await prepareNode(context, { node, options }, signal) : undefined;
  const taken = await publishItem(context, { ...publication, options }, signal);
  if (taken === 'with-options' && before !== 'absent') {
    assertReadable(node, before);
  } else if (first || taken === 'without-options') {
    const after = await prepareNode(context, { node, options }, signal);
    assertReadable(node, taken === 'without-options' && after === 'refused' ? { access: 'whitelist' } : after);
  }
  context.preparedNodes.add(node);
}

async function publishItem(
  context: AccountContext,
  publication: Publication & { readonly options: NodeOptions },
  signal: AbortSignal | undefined,
): Promise<'with-options' | 'without-options'> {
  const { transport } = context;
  const { node, item, options } = publication;
  try {
    await transport.publish({ node, item, options }, signal);
    return 'with-options';
  } catch (error) {
    if (!(error instanceof TransportError) || isUnanswered(error)) throw error;
    // A node that exists and is configured otherwise (XEP-0384 5.3.2, XEP-0060 7.1.5 and 8.2).
    if (error.applicationCondition === 'precondition-not-met') await prepareNode(context, { node, options }, signal);
    else reportRefusal(context, publication, error);
    // Configured as far as the server goes, or about to be: the options need not come along.
    await transport.publish({ node, item }, signal);
    return 'without-options';
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
function assertReadable(node: string, prepared: Prepared | undefined): void {
  if (prepared === undefined || typeof prepared === 'string' || !CLOSED.includes(prepared.access)) return;
  throw new OmemoError('publication-failed', `the node ${node} cannot be opened`);
}
