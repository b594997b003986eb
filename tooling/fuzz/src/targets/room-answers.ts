import { LoopbackServer } from '@omemo-kit/loopback';
import { bareJid, parseXml } from '@omemo-kit/omemo-wire';
import { Client } from '@omemo-kit/scenarios/client';
import { seededRandomness } from '@omemo-kit/scenarios/seeded-randomness';
import { storeBytes } from '@omemo-kit/scenarios/store-bytes';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { ALICE, BOB, ROOM } from '../conversation.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import { cloneOf } from '../mutate/tree.ts';
import { callRefusal } from '../refusals.ts';
import { ACCEPTED, type OpenTarget, type Target } from '../target.ts';
import { inPlaceOf } from './hostile-answer.ts';
import { wireSamples } from './wire-samples.ts';
import { elementOf, XmlSamples } from './xml-target.ts';

const QUERIES = {
  configuration: 'http://jabber.org/protocol/disco#info',
  'member list': 'http://jabber.org/protocol/muc#admin',
} as const;

const MAX_MEMBERS = 40;

/** What a room answers to who asks how it is configured and who belongs to it. Anybody can run a room. */
export const roomAnswerTargets: readonly Target[] = (['configuration', 'member list'] as const).map((what) => ({
  name: `room, on a hostile ${what}`,
  open: () => open(what),
}));

async function open(what: keyof typeof QUERIES): Promise<OpenTarget> {
  const server = new LoopbackServer();
  const affiliations = { [ALICE]: 'owner', [BOB]: 'member', 'carol@example.com': 'admin' } as const;
  server.createRoom(ROOM, { affiliations });
  const alice = await Client.open(server.connect(`${ALICE}/phone`), new SharedMemory(), {
    randomness: seededRandomness(ALICE),
    clock: () => Date.UTC(2026, 0, 1),
    limits: { maxRoomMembers: MAX_MEMBERS },
  });
  await alice.omemo.start();
  const caught: Element[] = [];
  let answer: Element | undefined;
  server.faults.tamper({ direction: 'to-client', matches: isAnswer(QUERIES[what]) }, (stanza) => {
    if (answer === undefined) {
      caught.push(cloneOf(stanza));
      return undefined;
    }
    return inPlaceOf(stanza, answer);
  });
  const room = alice.omemo.rooms.room(ROOM);
  const start = alice.memory.snapshot();
  await room.refresh();
  alice.memory.restore(start);
  const samples = new XmlSamples([...caught.map((one) => parseXml(String(one))), crowd()], (await wireSamples()).all);
  const before = storeBytes(alice.memory);
  return {
    generate: (draw) => samples.draw(draw),
    run: async (input) => {
      const element = elementOf(input);
      if (typeof element === 'string') return element;
      answer = element;
      try {
        const { members } = await room.refresh();
        expectThat(members.length <= MAX_MEMBERS, 'any number of members is accepted');
        for (const { jid } of members) expectEqual(bareJid(jid), jid);
        return ACCEPTED;
      } catch (error) {
        const code = callRefusal(error);
        expectThat(storeBytes(alice.memory) === before, 'a refused answer changed the store');
        return code;
      } finally {
        alice.memory.restore(start);
        server.log.length = 0;
      }
    },
  };
}

/** A list that is longer than may be. */
function crowd(): Element {
  const items = Array.from(
    { length: MAX_MEMBERS + 1 },
    (_, n) => `<item affiliation='member' jid='m${n}@example.org'/>`,
  );
  return parseXml(`<iq><query xmlns='${QUERIES['member list']}'>${items.join('')}</query></iq>`);
}

function isAnswer(namespace: string): (stanza: Element) => boolean {
  return (stanza) => stanza.name === 'iq' && stanza.getChild('query', namespace) !== undefined;
}
