import type { Omemo } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { catchUp } from '../archive/catch-up.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { enableCarbons } from '../carbons.ts';
import type { StanzaChannel } from '../channel.ts';
import { type JoinedRoom, joinRoom, type RoomToJoin } from '../rooms/join-room.ts';
import { xml } from '../stanzas/element.ts';
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
}

/**
 * What a new session needs, in this order: copies are asked for before the presence that makes messages come, the device is
 * announced, then the archives are read. A step that fails is told and does not keep the others from being done.
 *
 * @returns `gone` when the session ended meanwhile; else what kept the device from being announced.
 */
export async function setUpSession(
  context: SetupContext,
  rooms: Iterable<RoomToJoin>,
  signal: AbortSignal,
): Promise<StepResult | 'gone'> {
  const { channel, omemo, options, capabilities } = context;
  const isGone = () => signal.aborted || !channel.online;
  const attempt = stepsOf(context.listeners, isGone);
  if (options.carbons !== 'off') await attempt('carbons', () => enableCarbons(channel, signal));
  if (options.presence !== 'application') {
    const presence: Element = options.presence?.() ?? xml('presence', {});
    presence.cnode(capabilities.element());
    await attempt('presence', () => channel.send(presence, signal));
  }
  const announced = await attempt('announcement', async () => {
    // What its user deactivated stays so until the application itself calls `start` (XEP-0384 section 6).
    if ((await omemo.account.standing()) === 'active') await omemo.start(signal);
    else await omemo.settle(signal);
  });
  await attempt('catch-up', () => readOn(context, omemo.jid, signal));
  for (const room of [...rooms]) await attempt('room', () => enterRoom(context, room, signal), room.room);
  return isGone() ? 'gone' : announced;
}

/** Enters a room, learns who belongs to it and reads its archive on. Pre-keys are kept until `finishCatchUp`. */
export async function enterRoom(context: SetupContext, room: RoomToJoin, signal?: AbortSignal): Promise<JoinedRoom> {
  const { channel, omemo, capabilities, listeners } = context;
  // What the room tells counts from here on, its members' presence first of all (XEP-0384 5.8.1).
  const encrypted = omemo.rooms.room(bareJidOf(room.room));
  const history = context.options.catchUp === 'off' ? undefined : 0;
  const joined = await joinRoom({ channel, ...room, history, presence: [capabilities.element()], signal });
  await encrypted.refresh(signal).catch((cause: unknown) => listeners.trouble('room', cause, joined.room));
  await readOn(context, joined.room, signal);
  return joined;
}

/** Reads an archive on and follows it from there. */
async function readOn({ channel, omemo, options, ...context }: SetupContext, archive: string, signal?: AbortSignal) {
  if (options.catchUp === 'off') return;
  const { intake, listeners, positions } = context;
  const onMessage = ({ stanza }: { readonly stanza: Element }) => intake.archived(stanza);
  const read = await catchUp({ ...options.catchUp, channel, positions: omemo.positions, archive, onMessage, signal });
  if (read.complete) positions.follow(archive);
  await listeners
    .tell('caught-up', { ...read, archive })
    .catch((cause: unknown) => listeners.trouble('deliver', cause));
}

interface StepResult {
  readonly failure?: unknown;
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
