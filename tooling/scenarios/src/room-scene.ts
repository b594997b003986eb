import type { RoomOptions, Room as ServerRoom } from '@omemo-kit/loopback';
import type { ReceiveResult } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';
import type { Client } from './client.ts';
import { body, copyOf } from './stanzas.ts';
import type { World } from './world.ts';

export const ROOM = 'coven@muc.example.org';
const NS_MUC = 'http://jabber.org/protocol/muc';

/** A room of the server, and clients that enter it and talk there. */
export class RoomScene {
  readonly world: World;
  readonly server: ServerRoom;

  constructor(world: World, options: RoomOptions = {}) {
    this.world = world;
    this.server = world.server.createRoom(ROOM, options);
  }

  /** Enters under a nick, the local part of the JID by default; upkeep asks for the lists once it is calm. */
  async enter(client: Client, nick = nickOf(client)): Promise<void> {
    client.omemo.rooms.room(ROOM);
    await client.connection.send(parse(`<presence to="${ROOM}/${nick}"><x xmlns="${NS_MUC}"/></presence>`));
    await this.world.calm();
  }

  async leave(client: Client, nick = nickOf(client)): Promise<void> {
    await client.connection.send(parse(`<presence type="unavailable" to="${ROOM}/${nick}"/>`));
    await this.world.quiet();
  }

  say(client: Client, text: string, more: Partial<Parameters<ReturnType<typeof roomOf>['send']>[0]> = {}) {
    return roomOf(client).send({ content: [body(text)], ...more });
  }

  /** What the room's archive holds, as an archive query brings it to a client. */
  archived(client: Client): Element[] {
    return this.world.server.archive(ROOM).map(({ id, stamp, stanza }) => {
      const result = parse(
        `<message from="${ROOM}" to="${client.connection.jid}"><result xmlns="urn:xmpp:mam:2" id="${id}">
          <forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="${stamp.toISOString()}"/></forwarded>
        </result></message>`,
      );
      const forwarded = result.getChild('result')!.getChild('forwarded')!;
      const message = copyOf(stanza);
      message.attr('xmlns', 'jabber:client');
      forwarded.cnode(message);
      return result;
    });
  }

  /** The client reads the room's archive. */
  async readArchive(client: Client): Promise<ReceiveResult[]> {
    const results: ReceiveResult[] = [];
    for (const stanza of this.archived(client)) {
      results.push(await client.omemo.receive(stanza, { delivery: 'catch-up' }));
    }
    await client.omemo.finishCatchUp();
    return results;
  }
}

export function roomOf(client: Client, rules: { open?: 'allow'; incomplete?: 'allow' } = {}) {
  return client.omemo.rooms.room(ROOM, rules);
}

function nickOf({ jid }: Client): string {
  return jid.replace(/@.*/, '');
}

/** JIDs of the `<keys/>` of a message. */
export function addressees(encrypted: Element): string[] {
  const keys = encrypted.getChild('header')?.getChildren('keys') ?? [];
  return keys.map(({ attrs }) => String(attrs['jid'])).sort();
}
