import { type Connection, LoopbackServer } from '@omemo-kit/loopback';
import { bareJid, unwrapForwarded } from '@omemo-kit/omemo-wire';
import { type Element, parse } from 'ltx';
import { expect, it } from 'vitest';
import { messageStanza } from '../../src/index.ts';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { envelopeOf } from './support/envelopes.ts';
import { KeyLedger } from './support/key-ledger.ts';
import { OurClient } from './support/our-client.ts';
import type { Outcome } from './support/outcome.ts';
import { SeededRandom } from './support/seeded-random.ts';
import { TheirClient } from './support/their-client.ts';

const ROOM = 'coven@muc.example';
const MESSAGES = 300;

// One account has a device of each kind, one has only python-omemo's, one only ours.
const DEVICES = [
  { jid: 'alice@a.example', kind: 'ours' },
  { jid: 'alice@a.example', kind: 'theirs' },
  { jid: 'bob@b.example', kind: 'theirs' },
  { jid: 'bob@b.example', kind: 'theirs' },
  { jid: 'carol@c.example', kind: 'ours' },
  { jid: 'carol@c.example', kind: 'ours' },
] as const;

interface Member {
  readonly client: OurClient | TheirClient;
  readonly connection: Connection;
  /** Texts, in the order they came. */
  readonly read: string[];
}

describePeer('twomemo', 'three accounts of two devices each, omemo-kit and python-omemo mixed', () => {
  const peer = useTwomemoPeer();

  it(`read everything addressed to them, ${MESSAGES} messages`, { timeout: 180_000 }, async () => {
    const random = SeededRandom.ofThisRun('fan-out');
    const server = new LoopbackServer();
    const jids = [...new Set(DEVICES.map(({ jid }) => jid))];
    for (const jid of jids) for (const other of jids) if (jid < other) server.subscribe(jid, other);
    const affiliations = Object.fromEntries(jids.map((jid) => [jid, 'member' as const]));
    server.createRoom(ROOM, { affiliations });
    const ledger = new KeyLedger();
    const unexpected: unknown[] = [];

    const members: Member[] = [];
    for (const [index, { jid, kind }] of DEVICES.entries()) {
      const connection = server.connect(`${jid}/device-${index}`);
      const { transport } = connection;
      const client =
        kind === 'ours'
          ? await OurClient.open({ connection, transport, ledger })
          : await TheirClient.open({ peer: peer(), connection, transport });
      const member: Member = { client, connection, read: [] };
      members.push(member);
      let turn: Promise<void> = Promise.resolve();
      connection.onStanza((stanza) => {
        turn = turn.then(async () => {
          const outcome = await receive(member, stanza);
          if (outcome.type === 'read') member.read.push(outcome.text);
          else if (outcome.type === 'unread' || outcome.type === 'duplicate') unexpected.push({ to: jid, outcome });
        });
        return turn;
      });
      const presence = `<presence to="${ROOM}/${jid}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`;
      await connection.send(parse(presence));
      await server.settle();
    }

    const expected = new Map(members.map((member) => [member, [] as string[]]));
    let reads = 0;
    const sayInRoom = async ({ client, connection }: Member, text: string): Promise<void> => {
      const envelope = envelopeOf(text, { from: client.jid, to: ROOM });
      const others = jids.filter((jid) => jid !== client.jid);
      if (client instanceof TheirClient) {
        await client.account.send({ to: ROOM, members: others, envelope, id: text });
        return;
      }
      const { encrypted } = await client.omemo.encryptPayload(others, envelope);
      const stanza = messageStanza({ to: ROOM, xml: encrypted.toString(), type: 'groupchat' });
      stanza.attr('id', text);
      ledger.note(stanza);
      await connection.transport.send(stanza);
    };
    const say = async (sender: Member, where: string, text: string): Promise<void> => {
      const isReader = ({ client }: Member) =>
        where === ROOM || client.jid === where || client.jid === sender.client.jid;
      for (const reader of members.filter((member) => member !== sender && isReader(member))) {
        expected.get(reader)!.push(text);
        reads += 1;
      }
      if (where === ROOM) await sayInRoom(sender, text);
      else await sender.client.say(where, text);
    };

    // First words one after the other, so that no two devices start a session with each other at once.
    for (const [index, sender] of members.entries()) {
      await say(sender, ROOM, `hello from ${index}`);
      await server.settle();
    }
    for (let number = members.length; number < MESSAGES; ) {
      // Several at once: their messages and answers cross.
      for (const burst = number + 1 + random.below(4); number < Math.min(burst, MESSAGES); number += 1) {
        const sender = random.pick(members);
        const others = jids.filter((jid) => jid !== sender.client.jid);
        await say(sender, random.chance(0.3) ? ROOM : random.pick(others), `message ${number}`);
      }
      await server.settle();
    }

    expect(unexpected).toEqual([]);
    for (const [member, texts] of expected) {
      expect([...member.read].sort()).toEqual([...texts].sort());
    }
    console.log(`fan-out: ${MESSAGES} messages, ${reads} readings, ${ledger.size} of our message keys`);
    expect(ledger.repeated).toEqual([]);
    expect(ledger.size).toBeGreaterThan(MESSAGES);
  });

  /** In a room, and as a copy of what another device of the account sent or got. */
  async function receive({ client }: Member, stanza: Element): Promise<Outcome> {
    const isGroupchat = stanza.attrs['type'] === 'groupchat';
    if (client instanceof OurClient) return client.receive(stanza, isGroupchat ? { sender: occupantOf(stanza) } : {});
    if (isGroupchat) return client.receive(stanza, { sender: occupantOf(stanza), room: ROOM });
    if (!stanza.is('message')) return { type: 'not-for-it' };
    const { kind, message } = unwrapForwarded({ stanza, ownBareJid: bareJid(client.jid) });
    if (kind !== 'plain' || message.getChild('encrypted') !== undefined) return client.receive(message);
    await client.account.receive(stanza);
    return { type: 'not-for-it' };
  }

  /** Here every nick is the JID behind it. */
  function occupantOf(stanza: Element): string {
    return String(stanza.attrs['from']).slice(ROOM.length + 1);
  }
});
