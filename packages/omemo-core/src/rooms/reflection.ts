import { type BareJid, bareJidOf } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { removeEntries } from '../delivery/box.ts';
import { outboxOf, stanzaOf } from '../delivery/outbox.ts';
import { textAttribute } from './room-stanza.ts';

/**
 * A message of this device, as its room gives it back to everybody (X41, S58): it cannot be read here, and need not be. It
 * is in the room: its stanza leaves the outbox, and nothing else changes.
 */
export interface Reflection {
  readonly type: 'reflection';
  /** Bare JID of the room. */
  readonly room: string;
  /** Id of the stanza as it was sent, if the room kept it. */
  readonly id: string | undefined;
}

/** Notes that a room has what this device sent. */
export async function noteReflection(
  context: AccountContext,
  reflected: { readonly room: BareJid; readonly id: string | undefined },
): Promise<Reflection> {
  const { room, id } = reflected;
  if (id !== undefined) {
    const isFor = (address: string | undefined) => address !== undefined && bareJidOf(address) === room;
    // A room has no say about what goes elsewhere.
    await removeEntries(context, outboxOf(context), [id], (entry) => isFor(textAttribute(stanzaOf(entry), 'to')));
  }
  return { type: 'reflection', room, id };
}
