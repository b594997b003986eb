import { Omemo } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import { Capabilities } from '../capabilities/capabilities.ts';
import type { StanzaChannel } from '../channel.ts';
import { watchingLists } from '../devices/watching-lists.ts';
import { AttachedOmemo } from './attached-omemo.ts';
import type { AttachOptions } from './options.ts';

/**
 * Opens Omemo for the account of a channel and lives with it: with each new session copies are asked for, the device is announced,
 * archives are read on, rooms are entered again; every stanza goes through `omemo.receive`, in order. Attach before the
 * connection is started, or at any time after.
 *
 * @throws OmemoError as `Omemo.open`.
 */
export async function attachOmemo(channel: StanzaChannel, options: AttachOptions): Promise<AttachedOmemo> {
  const omemo = await Omemo.open({ ...options, jid: bareJidOf(channel.jid), transport: watchingLists(channel) });
  return new AttachedOmemo(channel, omemo, { ...options, capabilities: new Capabilities(options.capabilities) });
}
