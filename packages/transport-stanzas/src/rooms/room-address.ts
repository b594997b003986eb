import { TransportError } from '@omemo-kit/omemo-core/ports';
import { type BareJid, bareJidOf, WireError } from '@omemo-kit/omemo-wire';

/** RFC 7622 3.4: a resource, which a nick is at the room's address, has at most 1023 bytes. */
const LONGEST_NICK = 1_023;

/**
 * The bare JID of a room that is to be entered under a nick. What no service could take is refused before anything is sent: an error
 * would come back from an address that is none, and so be nobody's answer. Nicks of spaces alone nobody could see (XEP-0045 7.2).
 *
 * @throws TransportError `jid-malformed`, as a service would answer (RFC 6120 8.3.3.8).
 */
export function roomAddress({ room, nick }: { readonly room: string; readonly nick: string }): BareJid {
  const address = bareJidOrMalformed(room);
  if (!address.includes('@')) throw malformed('a service is no room');
  if (typeof nick !== 'string' || nick.trim() === '') throw malformed('a nick is needed to enter a room');
  if (hasControls(nick)) throw malformed('a nick has no control characters');
  if (new TextEncoder().encode(nick).length > LONGEST_NICK) throw malformed('a nick is too long');
  return address;
}

function bareJidOrMalformed(text: string): BareJid {
  try {
    return bareJidOf(text);
  } catch (error) {
    if (error instanceof WireError) throw malformed('this is no address of a room', error);
    throw error;
  }
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function malformed(message: string, cause?: unknown): TransportError {
  return new TransportError('jid-malformed', { message, ...(cause === undefined ? {} : { cause }) });
}
