import { systemRandomness } from '@omemo-kit/omemo-core';
import { x25519KeyPair } from '@omemo-kit/primitives';
import { expect, it } from 'vitest';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { keyExchangeIn } from './support/letters.ts';
import type { Outcome } from './support/outcome.ts';
import { type Pair, World } from './support/pair.ts';
import { SeededRandom } from './support/seeded-random.ts';

const ORDERS = 12;
const STEPS = 10;
const EXCHANGES = 10;

type Side = Pair['ours'] | Pair['theirs'];

// Both write before either has read anything, and each reads a key exchange that replaces its own session. python-omemo
// knows one session with a device, made by the key exchange that it read last, so that two of its own never get out of
// this. We keep both, and use the one that it uses.
describePeer('twomemo', 'omemo-kit and python-omemo both begin at once', () => {
  const peer = useTwomemoPeer();
  const open = () => new World(peer()).pair();

  /** How many times each had to write until both read in one exchange; undefined when they never did. */
  async function exchangesUntilRead(pair: Pair): Promise<number | undefined> {
    for (let exchange = 1; exchange <= EXCHANGES; exchange += 1) {
      const reached = await pair.tries(pair.ours, `ours ${exchange}`);
      if ((await pair.tries(pair.theirs, `theirs ${exchange}`)) && reached) return exchange;
    }
    return undefined;
  }

  /** Hands over the oldest or the newest message on its way to a device. */
  async function handNext(pair: Pair, to: Side, which: 'oldest' | 'newest' = 'oldest'): Promise<Outcome | undefined> {
    const letters = pair.mailTo(to);
    const letter = which === 'oldest' ? letters.shift() : letters.pop();
    pair.world.mail.push(...letters);
    return letter === undefined ? undefined : pair.hand(letter);
  }

  function write(pair: Pair, from: Side, text: string): Promise<void> {
    return from.say(from === pair.ours ? pair.theirs.jid : pair.ours.jid, text);
  }

  it(`in ${ORDERS} random orders, nothing overtaken or lost: both read everything from then on`, async () => {
    const random = SeededRandom.ofThisRun('both begin, in order');
    let unread = 0;
    for (let order = 1; order <= ORDERS; order += 1) {
      const pair = await open();
      const outcomes = new Map<Side, (Outcome | undefined)[]>([pair.ours, pair.theirs].map((side) => [side, []]));
      await write(pair, pair.ours, 'ours');
      await write(pair, pair.theirs, 'theirs');
      for (let step = 1; step <= STEPS || pair.world.mail.length > 0; step += 1) {
        const side = random.pick([pair.ours, pair.theirs]);
        if (step <= STEPS && random.chance(0.4)) await write(pair, side, `step ${step}`);
        else outcomes.get(side)!.push(await handNext(pair, side));
      }
      // Over the session that they have dropped.
      unread += outcomes.get(pair.theirs)!.filter((outcome) => outcome?.type === 'unread').length;
      expect(outcomes.get(pair.ours)!.filter((outcome) => outcome?.type === 'unread')).toEqual([]);
      expect(await exchangesUntilRead(pair)).toBe(1);
    }
    console.log(`both begin, in order: ${ORDERS} orders, ${unread} messages of ours not read by python-omemo`);
  });

  it(`in ${ORDERS} random orders, some overtaken and some lost: both read everything after a few exchanges`, async () => {
    const random = SeededRandom.ofThisRun('both begin, out of order');
    const exchanges: (number | undefined)[] = [];
    for (let order = 1; order <= ORDERS; order += 1) {
      const pair = await open();
      await write(pair, pair.ours, 'ours');
      await write(pair, pair.theirs, 'theirs');
      for (let step = 1; step <= STEPS || pair.world.mail.length > 0; step += 1) {
        if (step <= STEPS && random.chance(0.4)) {
          await write(pair, random.pick([pair.ours, pair.theirs]), `step ${step}`);
          continue;
        }
        const [letter] = pair.world.mail.splice(random.below(pair.world.mail.length), 1);
        if (letter !== undefined && random.chance(0.85)) await pair.hand(letter);
      }
      exchanges.push(await exchangesUntilRead(pair));
    }
    console.log(`both begin, out of order: exchanges until both read: ${exchanges.join(' ')}`);
    expect(exchanges).not.toContain(undefined);
  });

  it('when their answer to our key exchange is lost, they read us again once they have written', async () => {
    const pair = await open();
    await write(pair, pair.ours, 'ours');
    await write(pair, pair.theirs, 'theirs');
    expect(await handNext(pair, pair.theirs)).toMatchObject({ type: 'read' });
    expect(await handNext(pair, pair.ours)).toMatchObject({ type: 'read' });
    pair.mailTo(pair.ours); // their answer
    await pair.deliver();
    // Nothing tells us which session they know, and theirs is the newer one.
    for (let number = 1; number <= EXCHANGES; number += 1) expect(await pair.tries(pair.ours, 'again')).toBe(false);
    expect(await pair.tries(pair.theirs, 'anything')).toBe(true);
    await pair.talk('from then on');
  });

  it('when their answer is lost and they do not write, a manual replacement helps', async () => {
    const pair = await open();
    await write(pair, pair.ours, 'ours');
    await write(pair, pair.theirs, 'theirs');
    await handNext(pair, pair.theirs);
    await handNext(pair, pair.ours);
    pair.mailTo(pair.ours);
    await pair.deliver();
    const { jid, deviceId } = pair.theirs;
    expect(await pair.ours.omemo.replaceSessions({ jid })).toEqual([{ jid, deviceId }]);
    await pair.ours.settle();
    await pair.deliver();
    await pair.talk('after it');
  });

  it('when their answer to our key exchange overtakes their own, they read us again after a few messages of theirs', async () => {
    const pair = await open();
    await write(pair, pair.ours, 'ours');
    await write(pair, pair.theirs, 'theirs');
    await handNext(pair, pair.theirs);
    expect(await handNext(pair, pair.ours, 'newest')).toEqual({ type: 'empty' });
    expect(await handNext(pair, pair.ours)).toMatchObject({ type: 'read', text: 'theirs' });
    await pair.deliver();
    expect(await exchangesUntilRead(pair)).toBeLessThanOrEqual(4);
  });

  // Both sessions were written over both ways, and they know one of them. Neither ek may make a difference that lasts.
  it.each(['smaller', 'larger'] as const)(
    'when our key exchange comes late, and our ek is the %s one',
    async (which) => {
      let other: Uint8Array | undefined;
      const ephemeralKey = () => {
        for (;;) {
          const drawn = systemRandomness.ephemeralKey();
          if (other === undefined) return drawn;
          const order = Buffer.compare(x25519KeyPair(drawn).publicKey, other);
          if (order < 0 === (which === 'smaller')) return drawn;
        }
      };
      const pair = await new World(peer()).pair({ ours: { randomness: { ...systemRandomness, ephemeralKey } } });
      await write(pair, pair.theirs, 'theirs');
      other = keyExchangeIn(pair.world.mail[0]!)!.ek;
      await write(pair, pair.ours, 'ours, which comes late');
      expect(await handNext(pair, pair.ours)).toMatchObject({ type: 'read' });
      expect(await handNext(pair, pair.theirs, 'newest')).toEqual({ type: 'empty' }); // our answer, over their session
      await write(pair, pair.theirs, 'over their session');
      expect(await handNext(pair, pair.theirs)).toMatchObject({ type: 'read', text: 'ours, which comes late' });
      await pair.deliver();
      expect(await exchangesUntilRead(pair)).toBeLessThanOrEqual(4);
    },
  );
});
