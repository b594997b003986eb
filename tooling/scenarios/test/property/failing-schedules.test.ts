import type { StoreErrorCode } from '@omemo-kit/omemo-core';
import * as fc from 'fast-check';
import type { Element } from 'ltx';
import { expect, test } from 'vitest';
import { type Client, textOf } from '../../src/client.ts';
import { distinctPreKeys } from '../../src/distinct-pre-keys.ts';
import { copyOf, encryptedIn } from '../../src/stanzas.ts';
import { type FaultMoment, FaultyStore } from '../../src/store-faults.ts';
import { World } from '../../src/world.ts';

interface Fault {
  readonly operation: 'get' | 'list' | 'commit';
  readonly moment: FaultMoment;
  readonly code: StoreErrorCode;
}

const faults: readonly Fault[] = [
  { operation: 'get', moment: 'before', code: 'unavailable' },
  { operation: 'list', moment: 'before', code: 'unavailable' },
  { operation: 'list', moment: 'after', code: 'unavailable' },
  { operation: 'commit', moment: 'before', code: 'unavailable' },
  { operation: 'commit', moment: 'before', code: 'indeterminate' },
  { operation: 'commit', moment: 'after', code: 'indeterminate' },
  { operation: 'commit', moment: 'after', code: 'unavailable' },
  { operation: 'commit', moment: 'after', code: 'conflict' },
];

const step = fc.record({
  do: fc.constantFrom('send', 'send', 'deliver', 'deliver', 'deliver', 'settle', 'crash', 'replace'),
  side: fc.constantFrom(0, 1),
  pick: fc.nat(100),
  fault: fc.option(fc.record({ fault: fc.constantFrom(...faults), call: fc.nat(3) }), { freq: 3 }),
});

test('stores that fail at any call of any schedule: nothing is lost, nothing read twice, no key used twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const world = new World();
      const sides = await world.pair();
      const stores = sides.map(({ memory }) => new FaultyStore(memory.open()));
      let now = Date.now();
      const draws = [distinctPreKeys(), distinctPreKeys()];
      const restart = (side: number) => {
        return sides[side]!.crash({ store: stores[side]!, randomness: draws[side]!, clock: () => now });
      };
      for (const side of [0, 1]) await restart(side);
      for (const client of sides) client.deaf();
      const pools: Element[][] = [[], []];
      const sent: string[][] = [[], []];
      let replacements = 0;
      const collect = async () => {
        await world.quiet();
        for (const side of [0, 1]) {
          pools[side]!.push(...sides[side]!.received.splice(0).filter((stanza) => encryptedIn(stanza)));
        }
      };
      /** Whether it was done; a store that failed is the only reason for it not to be. */
      const tried = async (side: number, action: () => Promise<unknown>): Promise<boolean> => {
        try {
          await action();
          return true;
        } catch (error) {
          expect(stores[side]!.fired, String(error)).toBe(true);
          return false;
        }
      };
      const deliver = async (side: number, stanza: Element) => {
        const client: Client = sides[side]!;
        const done = await tried(side, async () => {
          const result = await client.omemo.receive(copyOf(stanza));
          expect(['message', 'empty', 'duplicate']).toContain(result.type);
        });
        if (!done) pools[side]!.push(stanza);
      };
      let count = 0;
      for (const { do: what, side, pick, fault } of steps) {
        const client = sides[side]!;
        const other = sides[1 - side]!;
        const store = stores[side]!;
        store.fired = false;
        store.fault =
          fault === null ? undefined : { ...fault.fault, call: store.calls[fault.fault.operation] + fault.call };
        if (what === 'send') {
          const text = `message ${count++}`;
          const done = await tried(side, () => client.say(other.jid, text, text));
          store.fault = undefined;
          // What failed is sent if it is in the outbox, or left there in time.
          const gone = world.server.log.some(({ stanza }) => stanza.attrs['id'] === text);
          const kept = (await client.omemo.outbox()).some(({ id }) => id === text);
          if (done) expect(gone || kept).toBe(true);
          if (gone || kept) sent[1 - side]!.push(text);
        } else if (what === 'deliver') {
          for (const stanza of pools[side]!.splice(pick % Math.max(1, pools[side]!.length), 1))
            await deliver(side, stanza);
        } else if (what === 'settle') await tried(side, () => client.omemo.settle());
        else if (what === 'replace') {
          if (replacements++ < 2) await tried(side, () => client.omemo.replaceSessions({ jid: other.jid }));
        } else {
          store.fault = undefined;
          await restart(side);
        }
        store.fault = undefined;
        await collect();
      }
      now += 60_000;
      for (let round = 0; round < 4; round++) {
        for (const side of [0, 1]) {
          await sides[side]!.omemo.start();
          await collect();
          for (const stanza of pools[side]!.splice(0)) await deliver(side, stanza);
        }
      }
      for (const side of [0, 1]) {
        const inbox = await sides[side]!.omemo.inbox();
        expect(inbox.map(textOf).sort()).toEqual([...sent[side]!].sort());
        expect(await sides[side]!.omemo.outbox()).toEqual([]);
      }
      expect(world.spent.violations).toEqual([]);
    }),
    { numRuns: Number(process.env['SCHEDULES'] ?? 40) },
  );
});
