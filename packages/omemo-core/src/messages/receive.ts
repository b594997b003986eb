import { parsePubsubEvent, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import type { DeviceListEvent } from '../devices/device-list-event.ts';
import { noteDeviceListEvent } from '../devices/device-lists.ts';
import { CURRENT, readDeviceList } from '../devices/fetch-list.ts';
import { type ReadRequest, receiveIq } from '../iq/receive-iq.ts';
import { receiveRoomStanza } from '../rooms/receive-room-stanza.ts';
import type { Reflection } from '../rooms/reflection.ts';
import type { RoomMembersEvent } from '../rooms/room-event.ts';
import type { Bounced } from './bounce.ts';
import { done, type GroupedOptions, receiveMessage } from './receive-message.ts';
import type { ReceiveOptions } from './receive-options.ts';
import type { DecryptResult, Ignored, InvalidStanza, SenderUnknown } from './results.ts';

export type ReceiveResult =
  | DecryptResult
  | ReadRequest
  | Bounced
  | SenderUnknown
  | Reflection
  | RoomMembersEvent
  | DeviceListEvent
  | Ignored
  | InvalidStanza;

/** Takes in any stanza of the stream: encrypted messages and IQs, carbon copies, errors, device list events, and what rooms tell. */
export async function receive(
  context: AccountContext,
  stanza: Element,
  options: ReceiveOptions & { readonly signal?: AbortSignal | undefined },
): Promise<ReceiveResult> {
  return (await taken(context, stanza, options)).result;
}

/**
 * Does all but the reading of a message, and begins that: what is read may wait for others that share its commit.
 *
 * @returns never rejects itself.
 */
export async function taken(
  context: AccountContext,
  stanza: Element,
  options: GroupedOptions,
): Promise<{ readonly result: Promise<ReceiveResult> }> {
  try {
    const event = parsePubsubEvent(stanza);
    if (event !== undefined) return done(await receiveEvent(context, event));
    if (stanza.is('iq')) return done(await receiveIq(context, stanza, options));
    const room = await receiveRoomStanza(context, stanza, options.signal);
    if (room !== undefined) return done(room === 'nothing-new' ? { type: 'ignored' } : room);
    if (!stanza.is('message')) return done({ type: 'ignored' });
    const { result } = await receiveMessage(context, stanza, options);
    return { result: result.catch(invalidOrThrow) };
  } catch (cause) {
    return { result: (async () => invalidOrThrow(cause))() };
  }
}

function invalidOrThrow(cause: unknown): InvalidStanza {
  if (cause instanceof WireError) return { type: 'invalid', cause };
  throw cause;
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
