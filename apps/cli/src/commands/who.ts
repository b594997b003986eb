import { TransportError } from '@omemo-kit/omemo-core/ports';
import { type StanzaChannel, xml } from '@omemo-kit/transport-stanzas';
import { CliError } from '../cli-error.ts';
import type { OnlineDevice } from '../connection/with-device.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';

const usage = `Usage: omemo-kit who JID [JID ...] [options]

Tells who could read a message here, device by device, and how large it would be. Nothing is sent. For a room say its
address; it has to be one that lets you see its members.

Options:
${COMMON_USAGE}`;

export const whoCommand: Command = { name: 'who', summary: 'who could read a message here', usage, run };

const NS_DISCO_INFO = 'http://jabber.org/protocol/disco#info';

/** An envelope with a line of text and padding, sealed. */
const SHORT_TEXT = 400;

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {});
  if (positionals.length === 0) throw new CliError('usage', 'who is to read it?');
  const session = await openSession(values, terminal);
  await onDevice(session, async (device) => {
    const { omemo } = device;
    const jids = (await Promise.all(positionals.map((jid) => peopleAt(device, jid)))).flat();
    for (const jid of [...jids, omemo.jid]) await omemo.devices(jid, { refresh: 'always' });
    const audience = await omemo.audience(jids, { payloadBytes: SHORT_TEXT });
    for (const { jid, deviceId, fingerprint, trust, access, keyExchange } of audience.devices) {
      session.tell({ type: 'reader', jid, deviceId, fingerprint, trust, access, keyExchange });
    }
    const { bytes, unreached } = audience;
    const readers = audience.devices.filter(({ access }) => access === 'reads').length;
    session.tell({ type: 'audience', jids, readers, bytes, unreached });
  });
}

/** The members of a room, or the one person whose address it is. */
async function peopleAt({ omemo, channel }: OnlineDevice, jid: string): Promise<readonly string[]> {
  if (!(await isRoom(channel, jid))) return [jid];
  const room = omemo.rooms.room(jid);
  await room.refresh();
  const { members } = await room.membership();
  return members.map((member) => member.jid).filter((member) => member !== omemo.jid);
}

/** By the identity that it has (XEP-0045 6.4). Who does not answer is taken for a person. @throws CliError `not-done` for a room that is not there. */
async function isRoom(channel: StanzaChannel, jid: string): Promise<boolean> {
  try {
    return await isConference(channel, jid);
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    if (cause.condition !== 'item-not-found') return false;
    const service = jid.replace(/^.*@/, '');
    if (service === jid || !(await isConference(channel, service).catch(asNoService))) return false;
    throw new CliError('not-done', `there is no room ${jid}`, { cause, facts: { reason: cause.condition } });
  }
}

async function isConference(channel: StanzaChannel, jid: string): Promise<boolean> {
  const query = xml('query', { xmlns: NS_DISCO_INFO });
  const answer = await channel.request(xml('iq', { type: 'get', to: jid }, query));
  const identities = answer.getChild('query', NS_DISCO_INFO)?.getChildren('identity') ?? [];
  return identities.some(({ attrs }) => attrs['category'] === 'conference');
}

function asNoService(error: unknown): false {
  if (error instanceof TransportError) return false;
  throw error;
}
