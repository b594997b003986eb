import { type AttachedOmemo, attachOmemo, type StanzaChannel } from '@omemo-kit/transport-stanzas';
import { xmppjsChannel } from '@omemo-kit/transport-xmppjs';
import type { Account } from '../accounts/account.ts';
import type { AccountFiles } from '../accounts/account-files.ts';
import { connect } from './connect.ts';
import { openRecords, policyOf } from './open-device.ts';

export interface AttachedWork<T> {
  /** Called before the connection is made, so that nothing is missed. */
  listen(attached: AttachedOmemo): void;
  /** Called once the device is announced and archives are read. */
  work(attached: AttachedOmemo, channel: StanzaChannel): Promise<T>;
}

/** Connects as a client that is there: it shows presence, gets messages and their copies, and reads what it missed. */
export async function withAttached<T>(
  { files, account, password }: { readonly files: AccountFiles; readonly account: Account; readonly password: string },
  { listen, work }: AttachedWork<T>,
): Promise<T> {
  const store = await openRecords(files, account);
  try {
    let open: { readonly attached: AttachedOmemo; readonly channel: StanzaChannel } | undefined;
    const { disconnect } = await connect(account, password, async (xmpp) => {
      const channel = xmppjsChannel(xmpp);
      const attached = await attachOmemo(channel, { store, trust: policyOf(account) });
      open = { attached, channel };
      listen(attached);
    });
    try {
      if (open === undefined) throw new TypeError('the connection was not prepared');
      await open.attached.ready;
      return await work(open.attached, open.channel);
    } finally {
      await open?.attached.close();
      await disconnect();
    }
  } finally {
    await store.close();
  }
}
