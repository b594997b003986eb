import { Omemo } from '@omemo-kit/omemo-core';
import { type StanzaChannel, stanzaTransport } from '@omemo-kit/transport-stanzas';
import { xmppjsChannel } from '@omemo-kit/transport-xmppjs';
import type { Account } from '../accounts/account.ts';
import type { AccountFiles } from '../accounts/account-files.ts';
import { CliError } from '../cli-error.ts';
import { connect } from './connect.ts';
import { openRecords, policyOf } from './open-device.ts';

/** A device that is connected and announced. */
export interface OnlineDevice {
  readonly omemo: Omemo;
  readonly channel: StanzaChannel;
}

export interface DeviceToUse {
  readonly files: AccountFiles;
  readonly account: Account;
  readonly password: string;
  /** The records are an old copy: go on as a new device of the same identity. */
  readonly heal?: boolean;
  /** A deactivated device is to be used again. */
  readonly activate?: boolean;
}

/**
 * Connects, does something with the account's device, and goes. No presence is sent, so that the server hands the account's
 * messages to whoever listens; and so no device list is pushed: ask for those that count with `refresh: 'always'`.
 */
export async function withDevice<T>(
  { files, account, password, heal = false, activate = false }: DeviceToUse,
  work: (device: OnlineDevice) => Promise<T>,
): Promise<T> {
  let channel: StanzaChannel | undefined;
  // First of all: with a password that is refused nothing is made.
  const { disconnect } = await connect(account, password, (xmpp) => {
    channel = xmppjsChannel(xmpp);
  });
  try {
    if (channel === undefined) throw new TypeError('the connection was not prepared');
    return await onChannel(channel, { files, account, heal, activate }, work);
  } finally {
    await disconnect();
  }
}

async function onChannel<T>(
  channel: StanzaChannel,
  { files, account, heal, activate }: Omit<DeviceToUse, 'password'>,
  work: (device: OnlineDevice) => Promise<T>,
): Promise<T> {
  const store = await openRecords(files, account);
  try {
    const omemo = await Omemo.open({
      jid: account.jid,
      store,
      transport: stanzaTransport(channel),
      trust: policyOf(account),
      upkeep: 'manual',
    });
    if (heal) await omemo.heal({ witness: 'application' });
    // Only who asks for it brings a device back that was taken off the list.
    if (activate) await omemo.account.activate();
    else if ((await omemo.account.standing()) !== 'active') {
      throw new CliError('not-done', 'this device is deactivated', {
        hint: `omemo-kit login ${account.jid} brings it back`,
      });
    }
    await omemo.start();
    const result = await work({ omemo, channel });
    await omemo.settle();
    await omemo.close();
    return result;
  } finally {
    await store.close();
  }
}
