import type { Account } from './account.ts';
import type { PepNode } from './pep-node.ts';

/** Whether this bare JID may read the node. */
export function mayRead(account: Account, node: PepNode, bareJid: string): boolean {
  if (bareJid === account.bareJid || node.accessModel === 'open') return true;
  return ['presence', 'roster'].includes(node.accessModel) && account.contacts.has(bareJid);
}
