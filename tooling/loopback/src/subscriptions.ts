import type { Account } from './account.ts';
import { sendLastItemsOf } from './pep-events.ts';
import type { Realm } from './realm.ts';
import { showPresence } from './show-presence.ts';
import { xml } from './stanza.ts';

const types = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'] as const;
type SubscriptionType = (typeof types)[number];

export function isSubscription(type: string | undefined): type is SubscriptionType {
  return (types as readonly (string | undefined)[]).includes(type);
}

/** What an account asks of or grants to another (RFC 6121 3). A question of somebody who is subscribed is answered. */
export function changeSubscription(
  realm: Realm,
  account: Account,
  { other: jid, type }: { readonly other: string; readonly type: SubscriptionType },
): void {
  const other = realm.accounts.get(jid);
  if (other === undefined) return;
  const tell = (to: Account, what: SubscriptionType, from: string): void => {
    for (const resource of to.available) resource.deliver(xml('presence', { type: what, from, to: to.bareJid }));
  };
  if (type === 'subscribe' && other.contacts.has(account.bareJid)) tell(account, 'subscribed', jid);
  else if (type === 'subscribe') {
    other.asking.add(account.bareJid);
    tell(other, 'subscribe', account.bareJid);
  } else if (type === 'subscribed') {
    // Nobody asked: nothing is granted in advance here (3.4 is optional).
    if (!account.asking.delete(jid)) return;
    account.contacts.add(jid);
    tell(other, 'subscribed', account.bareJid);
    showTo(realm, account, other);
  } else {
    const [granting, granted] = type === 'unsubscribe' ? [other, account] : [account, other];
    granting.asking.delete(granted.bareJid);
    if (granting.contacts.delete(granted.bareJid)) tell(other, type, account.bareJid);
  }
}

/** Who is subscribed now sees who is there (3.1.5), and those there get the newcomer's last items, as from Prosody. */
function showTo(realm: Realm, account: Account, subscriber: Account): void {
  for (const resource of account.available) {
    for (const viewer of subscriber.available) showPresence(resource.presence, viewer);
    if (subscriber.contacts.has(account.bareJid)) sendLastItemsOf(realm, subscriber, resource);
  }
}
