import { LoopbackServer } from '@omemo-kit/loopback';
import { expect, it } from 'vitest';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { KeyLedger } from './support/key-ledger.ts';
import { OurClient } from './support/our-client.ts';
import type { Outcome } from './support/outcome.ts';
import { type Delivery, RoughCourier } from './support/rough-courier.ts';
import { SeededRandom } from './support/seeded-random.ts';
import { TheirClient } from './support/their-client.ts';

const MESSAGES_EACH_WAY = 2000;
const RESTART_EVERY = 450;
/** Enough for all that are late at once, and fewer than are lost: keys of lost messages have to make room. */
const STORED_SKIPPED = 64;

// Whatever has to survive XML, UTF-8 and the padding of a block cipher.
const SCRAPS = ['', ' ', '<body/>', '&amp;', '"', "'", ']]>', 'ä', '漢', '👩‍👩‍👧', '\n', 'x'.repeat(300)];

describePeer('twomemo', 'omemo-kit and python-omemo over a rough network', () => {
  const peer = useTwomemoPeer();

  it(`read every message that comes exactly once, ${MESSAGES_EACH_WAY} each way`, { timeout: 240_000 }, async () => {
    const random = SeededRandom.ofThisRun('rough network');
    const courier = new RoughCourier({ random, lost: 0.05, late: 0.2, twice: 0.05, longestDelay: 40 });
    const server = new LoopbackServer();
    const ledger = new KeyLedger();
    const connections = { ours: server.connect('alice@a.example/x'), theirs: server.connect('bob@b.example/x') };
    const ours = await OurClient.open({
      connection: connections.ours,
      transport: courier.post.transportOf(connections.ours),
      ledger,
      limits: { maxStoredSkipped: STORED_SKIPPED },
    });
    const theirs = await TheirClient.open({
      peer: peer(),
      connection: connections.theirs,
      transport: courier.post.transportOf(connections.theirs),
      maxStoredSkipped: STORED_SKIPPED,
    });
    await theirs.meet(ours.jid);

    // By recipient: what was sent to it, and what it read.
    const sent = new Map([ours, theirs].map(({ jid }) => [jid, [] as string[]]));
    const read = new Map([ours, theirs].map(({ jid }) => [jid, [] as string[]]));
    const arrived = new Map([ours, theirs].map(({ jid }) => [jid, { first: 0, second: 0, empty: 0 }]));
    const hand = async ({ stanza, to, copy }: Delivery): Promise<void> => {
      const outcome: Outcome = await (to === ours.jid ? ours : theirs).receive(stanza);
      const isEmpty = stanza.getChild('encrypted')?.getChild('payload') === undefined;
      const second = to === ours.jid ? 'duplicate' : 'unread';
      const expected = copy === 'second' ? second : isEmpty ? 'empty' : 'read';
      expect({ to, copy, outcome }).toMatchObject({ outcome: { type: expected } });
      if (outcome.type === 'read') read.get(to)!.push(outcome.text);
      arrived.get(to)![isEmpty ? 'empty' : copy] += 1;
    };

    // One begins and the other waits for a first message; both at once is a matter of its own.
    const beginner = random.pick([ours, theirs]);
    const left = new Map([ours, theirs].map(({ jid }) => [jid, MESSAGES_EACH_WAY]));
    let writer = beginner;
    for (let turn = 1; left.get(ours.jid)! + left.get(theirs.jid)! > 0; turn += 1) {
      const other = writer === ours ? theirs : ours;
      const mayTurn = writer !== beginner || read.get(other.jid)!.length > 0;
      if (left.get(writer.jid) === 0 || (mayTurn && random.chance(0.15))) writer = other;
      if (left.get(writer.jid) === 0) continue;
      const reader = writer === ours ? theirs : ours;
      const number = MESSAGES_EACH_WAY - left.get(writer.jid)!;
      const text = `${number} ${Array.from({ length: random.below(5) }, () => random.pick(SCRAPS)).join('')}`;
      left.set(writer.jid, left.get(writer.jid)! - 1);
      sent.get(reader.jid)!.push(text);
      await writer.say(reader.jid, text);
      await courier.deliverDue(hand);
      if (turn % RESTART_EVERY === 0) await ours.restart();
      if (turn % RESTART_EVERY === 100) await theirs.account.run((device) => device.restart());
    }
    await courier.deliverAll(hand);

    console.log(
      `rough network: began by ${beginner.jid}; ${JSON.stringify(courier.counts)}; ` +
        `to us ${JSON.stringify(arrived.get(ours.jid))}, to python-omemo ${JSON.stringify(arrived.get(theirs.jid))}; ` +
        `${ledger.size} of our message keys`,
    );
    for (const { jid } of [ours, theirs]) {
      const readThere = read.get(jid)!;
      expect(readThere).toHaveLength(arrived.get(jid)!.first);
      expect(new Set(readThere).size).toBe(readThere.length);
      expect(sent.get(jid)).toEqual(expect.arrayContaining(readThere));
      expect(readThere.length).toBeGreaterThan(MESSAGES_EACH_WAY * 0.9);
    }
    expect(ledger.repeated).toEqual([]);
    expect(ledger.size).toBeGreaterThanOrEqual(MESSAGES_EACH_WAY);
  });
});
