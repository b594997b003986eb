import { bareJid, bareJidOf, WireError } from '@omemo-kit/omemo-wire';
import type { RoomToJoin } from '@omemo-kit/transport-stanzas';
import { CliError } from '../cli-error.ts';

/** `room@service/nick`, or a room and a nick that was said otherwise. @throws CliError `usage`. */
export function roomIn(text: string, nick?: string): RoomToJoin {
  const slash = text.indexOf('/');
  const name = nick ?? (slash < 0 ? '' : text.slice(slash + 1));
  try {
    const room = bareJidOf(text);
    if (room.includes('@') && name !== '') return { room, nick: name };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  throw new CliError('usage', `"${text}" is no room with a nick`, { hint: 'such as friends@rooms.example.org/alice' });
}

/** The address of an account. @throws CliError `usage`. */
export function personIn(text: string): string {
  try {
    const jid = bareJid(text);
    if (jid.includes('@')) return jid;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  throw new CliError('usage', `"${text}" is no address of an account`, { hint: 'such as alice@example.org' });
}
