import { bareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { deliver } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { encryptEmpty } from '../messages/encrypt-empty.ts';
import { messageStanza } from '../messages/stanza.ts';

/**
 * Sends the empty messages that are owed: one to each device whose key exchange built a session and that nothing was
 * sent to since (XEP-0384 section 6). Debts are kept in the store, so that a crash or many key exchanges at once make
 * neither none nor several answers.
 *
 * @returns what could not be answered, and why; it stays owed.
 */
export async function answerKeyExchanges(
  context: AccountContext,
  devices: readonly DeviceAddress[],
  signal?: AbortSignal,
): Promise<readonly { readonly device: DeviceAddress; readonly cause: unknown }[]> {
  const failures: { device: DeviceAddress; cause: unknown }[] = [];
  for (const device of devices) {
    try {
      const id = context.randomness.messageId();
      const jid = bareJid(device.jid);
      const build = messageStanza({ id, to: jid });
      const request = { jid, deviceId: device.deviceId, stanza: { id, build }, send: 'if-owed' } as const;
      const stanza = (await encryptEmpty(context, request, signal))?.stanza;
      if (stanza !== undefined) await deliver(context, { id, stanza }, signal);
    } catch (cause) {
      if (cause instanceof OmemoError && (cause.code === 'aborted' || cause.code === 'closed')) throw cause;
      failures.push({ device, cause });
    }
  }
  return failures;
}
