import { type BareJid, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { ReceivedElement } from '../profile/profile.ts';
import { decrypt } from './decrypt.ts';
import type { DecryptResult, InvalidStanza } from './results.ts';

export interface ReceivedPayload {
  readonly from: BareJid;
  readonly encrypted: Element;
  readonly delivery?: 'live' | 'catch-up';
}

/** Reads an `<encrypted/>` element whose payload is bytes of the application's own. */
export async function receivePayload(
  context: AccountContext,
  received: ReceivedPayload,
  signal?: AbortSignal,
): Promise<DecryptResult | InvalidStanza> {
  const { deviceId } = await context.transact((unit) => ownIdentity(context, unit), signal);
  let parsed: ReceivedElement;
  try {
    parsed = context.profile.elements.readEncrypted(received.encrypted, { jid: context.jid, deviceId });
  } catch (cause) {
    if (cause instanceof WireError) return { type: 'invalid', cause };
    throw cause;
  }
  const { sid, key, payload } = parsed;
  return decrypt(
    context,
    {
      from: received.from,
      sid,
      key,
      payload,
      content: 'bytes',
      room: undefined,
      keep: 'inbox',
      judge: () => undefined,
      delivery: received.delivery ?? 'live',
      delayedAt: undefined,
      stanza: undefined,
    },
    { signal },
  );
}
