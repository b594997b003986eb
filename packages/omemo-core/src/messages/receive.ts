import {
  type BareJid,
  bareJidOf,
  parseEnvelope,
  parsePubsubEvent,
  unwrapForwarded,
  WireError,
} from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { DeviceListEvent } from '../devices/device-list-event.ts';
import { noteDeviceListEvent } from '../devices/device-lists.ts';
import { CURRENT, readDeviceList } from '../devices/fetch-list.ts';
import { decrypt } from './decrypt.ts';
import type { DecryptResult, RejectionReason } from './results.ts';

export interface ReceiveOptions {
  /** Bare JID of who sent it, where the stanza's `from` is a room's occupant. */
  readonly sender?: string;
  /** `catch-up`: an archive is being read; call `finishCatchUp` after it. Default `live`. */
  readonly delivery?: 'live' | 'catch-up';
}

/** A stanza that has nothing to do with OMEMO, or an empty message for another device of the account. */
export interface Ignored {
  readonly type: 'ignored';
}

/** A stanza that is no valid stanza, or one whose sender forged it (S50); nothing has changed. */
export interface InvalidStanza {
  readonly type: 'invalid';
  readonly cause: WireError;
}

export type ReceiveResult = DecryptResult | DeviceListEvent | Ignored | InvalidStanza;

/** Takes in any stanza of the stream: encrypted messages, carbon copies of them, device list events. */
export async function receive(
  context: AccountContext,
  stanza: Element,
  options: ReceiveOptions & { readonly signal?: AbortSignal | undefined },
): Promise<ReceiveResult> {
  try {
    const event = parsePubsubEvent(stanza);
    if (event !== undefined) return await receiveEvent(context, event);
    if (!stanza.is('message')) return { type: 'ignored' };
    return await receiveMessage(context, stanza, options);
  } catch (cause) {
    if (cause instanceof WireError) return { type: 'invalid', cause };
    throw cause;
  }
}

async function receiveEvent(
  context: AccountContext,
  event: NonNullable<ReturnType<typeof parsePubsubEvent>>,
): Promise<ReceiveResult> {
  if (event.node !== context.profile.devicesNode) return { type: 'ignored' };
  // The list belongs to the account that the event came from, whatever it says (S49).
  const jid = event.from ?? context.jid;
  const item = event.items.find(({ id }) => id === CURRENT) ?? event.items.at(-1);
  const gone = event.action !== 'items' || event.retracted.length > 0;
  if (item?.payload === undefined && !gone) return { type: 'ignored' };
  const devices = item?.payload === undefined ? [] : readDeviceList(context, item.payload);
  return { type: 'device-list', jid, change: await noteDeviceListEvent(context, jid, devices) };
}

const VIA = { plain: 'direct', carbon: 'carbon', archived: 'archive' } as const;

async function receiveMessage(
  context: AccountContext,
  stanza: Element,
  options: ReceiveOptions & { readonly signal?: AbortSignal | undefined },
): Promise<ReceiveResult> {
  const unwrapped = unwrapForwarded({ stanza, ownBareJid: context.jid });
  const { message, delay } = unwrapped;
  const type = attribute(message, 'type') ?? 'normal';
  const encrypted = context.profile.elements.findEncrypted(message);
  if (encrypted === undefined || type === 'error') return { type: 'ignored' };
  const stanzaFrom = attribute(message, 'from') ?? context.jid;
  const stanzaTo = attribute(message, 'to');
  // A room's stanza comes from the room: who wrote it is for the application to say.
  if (type === 'groupchat' && options.sender === undefined) return { type: 'ignored' };
  const from = bareJidOf(options.sender ?? stanzaFrom);
  const room = type === 'groupchat' ? bareJidOf(stanzaFrom) : undefined;

  const { deviceId } = await context.transact((unit) => ownIdentity(context, unit), options.signal);
  const { sid, key, payload } = context.profile.elements.readEncrypted(encrypted, { jid: context.jid, deviceId });
  // An empty message for another device, which the server sent to all: there is nothing to miss in it.
  if (key === undefined && payload === undefined) return { type: 'ignored' };
  return decrypt(
    context,
    {
      from,
      sid,
      key,
      payload,
      content: 'envelope',
      judge: (plaintext) => judgeEnvelope(plaintext, { from, to: room ?? toBare(stanzaTo) ?? context.jid, room }),
      delivery: options.delivery ?? 'live',
      delayedAt: delay?.stamp.getTime(),
      stanza: { via: VIA[unwrapped.kind], id: attribute(message, 'id'), type, from: stanzaFrom, to: stanzaTo },
    },
    options.signal,
  );
}

/**
 * Compares the envelope's affixes with the stanza around it (XEP-0420 section 4, X34, X35): `from` is the sender, `to`
 * whom the stanza was addressed to, and in a room `to` must be there and be the room, so that a server cannot turn a
 * message to a room into a private one or back (XEP-0384 5.5.1, S38).
 */
function judgeEnvelope(
  plaintext: Uint8Array,
  stanza: { readonly from: BareJid; readonly to: BareJid; readonly room: BareJid | undefined },
): RejectionReason | undefined {
  try {
    const { from, to } = parseEnvelope(plaintext);
    if (from !== undefined && bareJidOf(from) !== stanza.from) return 'from-mismatch';
    if (to !== undefined && bareJidOf(to) !== stanza.to) return 'to-mismatch';
    if (to === undefined && stanza.room !== undefined) return 'to-missing';
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return 'malformed-envelope';
    throw error;
  }
}

function attribute(element: Element, name: string): string | undefined {
  const value: unknown = element.attrs[name];
  return typeof value === 'string' ? value : undefined;
}

function toBare(jid: string | undefined): BareJid | undefined {
  return jid === undefined ? undefined : bareJidOf(jid);
}
