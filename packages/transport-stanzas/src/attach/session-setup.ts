import type { Omemo } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import { catchUp } from '../archive/catch-up.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { enableCarbons } from '../carbons.ts';
import type { StanzaChannel } from '../channel.ts';
import { type JoinedRoom, joinRoom, type RoomToJoin } from '../rooms/join-room.ts';
import { roomAddress } from '../rooms/room-address.ts';
import { xml } from '../stanzas/element.ts';
import type { CatchingUp } from './catching-up.ts';
import type { AttachedListeners, Step } from './events.ts';
import type { Intake } from './intake.ts';
import type { LivePositions } from './live-position.ts';
import type { AttachOptions } from './options.ts';

/** What the steps of a session work with. */
export interface SetupContext {
  readonly channel: StanzaChannel;
  readonly omemo: Omemo;
  readonly options: AttachOptions;
  readonly capabilities: Capabilities;
  readonly listeners: AttachedListeners;
  readonly intake: Intake;
  readonly positions: LivePositions;
  readonly catchingUp: CatchingUp;
}

/**
 * What a new session needs, in this order: copies are asked for before the presence that makes messages come, the device is
 * announced, then the account's archive is read. A step that fails is told and does not keep the others from being done.
 *
 * @returns `gone` when the session ended meanwhile; else what kept the device from being announced.
 */
export async function setUpSession(context: SetupContext, signal: AbortSignal): Promise<StepResult | 'gone'> {
  const { channel, omemo, options, capabilities } = context;
  const isGone = goneWith(context, signal);
  const attempt = stepsOf(context.listeners, isGone);
  if (options.carbons !== 'off') await attempt('carbons', () => enableCarbons(channel, signal));
  if (options.presence !== 'application') {
    const presence: Element = options.presence?.() ?? xml('presence', {});
    presence.cnode(capabilities.element());
    await attempt('presence', () => channel.send(presence, signal));
  }
  const announced = await attempt('announcement', async () => {
    // What its user deactivated stays so until the application calls `account.activate` (XEP-0384 section 6).
    await omemo.start(signal);
  });
  if (options.catchUp !== 'off') await attempt('catch-up', () => readOn(context, omemo.jid, { signal }), omemo.jid);
  return isGone() ? 'gone' : announced;
}

/** Enters rooms again, one after the other. It does not wait for their archives, which are read beside each other. */
export async function enterRoomsAgain(
  context: SetupContext,
  rooms: Iterable<RoomToJoin>,
  signal: AbortSignal,
): Promise<void> {
  const attempt = stepsOf(context.listeners, goneWith(context, signal));
  for (const room of [...rooms]) {
    await new Promise<void>((entered) => {
      void attempt('room', () => enterRoom(context, room, { signal, entered }), room.room).then(() => entered());
    });
  }
}

interface EnterOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told when the room is entered and its members are known. */
  readonly entered?: () => void;
}

/** Enters a room, learns who belongs to it and reads its archive on. What comes from it meanwhile waits, and nothing else. */
export async function enterRoom(context: SetupContext, room: RoomToJoin, more: EnterOptions): Promise<JoinedRoom> {
  // Before anything is noted of it.
  const address = roomAddress(room);
  if (context.options.catchUp === 'off') return enter(context, room, more);
  const { catchingUp } = context;
  return catchingUp.room(address, async () => {
    const joined = await enter(context, room, more);
    await readOn(context, joined.room, { signal: more.signal, onPage: () => catchingUp.pay() });
    return joined;
  });
}

async function enter(context: SetupContext, room: RoomToJoin, { signal, entered }: EnterOptions): Promise<JoinedRoom> {
  const { channel, omemo, capabilities, listeners } = context;
  // What the room tells counts from here on, its members' presence first of all (XEP-0384 5.8.1).
  const encrypted = omemo.rooms.room(roomAddress(room));
  const history = context.options.catchUp === 'off' ? undefined : 0;
  const joined = await joinRoom({ channel, ...room, history, presence: [capabilities.element()], signal });
  await encrypted.refresh(signal).catch((cause: unknown) => listeners.trouble('room', cause, joined.room));
  entered?.();
  return joined;
}

interface ReadOnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Waited for after each page. */
  readonly onPage?: () => Promise<void>;
}

/** Reads an archive on and follows it from there. */
async function readOn(context: SetupContext, archive: string, { signal, onPage }: ReadOnOptions): Promise<void> {
  const { channel, omemo, intake, listeners, positions } = context;
  const options = context.options.catchUp === 'off' ? {} : context.options.catchUp;
  let unreadable = 0;
  const read = await catchUp({
    ...options,
    channel,
    archive,
    signal,
    positions: {
      get: (...archive) => omemo.positions.get(...archive),
      set: async (...position) => {
        await omemo.positions.set(...position);
        await onPage?.();
      },
    },
    onMessages: async (archived) => {
      unreadable += await intake.archived(archived.map(({ stanza }) => stanza));
    },
  });
  if (read.complete) positions.follow(archive);
  await listeners
    .tell('caught-up', { ...read, unreadable, archive })
    .catch((cause: unknown) => listeners.trouble('deliver', cause));
}

interface StepResult {
  readonly failure?: unknown;
}

function goneWith({ channel }: SetupContext, signal: AbortSignal): () => boolean {
  return () => signal.aborted || !channel.online;
}

function stepsOf(listeners: AttachedListeners, isGone: () => boolean) {
  return async (step: Step, run: () => Promise<unknown>, jid?: string): Promise<StepResult> => {
    // With the session gone the rest is left to the next one.
    if (isGone()) return {};
    try {
      await run();
      return {};
    } catch (failure) {
      if (!isGone()) listeners.trouble(step, failure, jid);
      return { failure };
    }
  };
}
