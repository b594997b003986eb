import type { AccountContext } from '../context.ts';
import { optionsFor } from './node-options.ts';
import { prepareNode } from './prepare-node.ts';

/**
 * With a new connection: sets both own nodes right where nothing had to be published on them. Another client of the account
 * may have closed or narrowed them while this device was away, and then nobody could start a session with it (R51, R68, S54).
 * Those that something was published on have been looked at.
 *
 * @param looked nodes that were.
 */
export async function repairNodes(
  context: AccountContext,
  looked: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  const { bundlesNode, devicesNode } = context.profile;
  const nodes = [
    { node: bundlesNode, options: optionsFor('many') },
    { node: devicesNode, options: optionsFor('one') },
  ];
  for (const node of nodes) if (!looked.has(node.node)) await prepareNode(context, node, signal);
}
