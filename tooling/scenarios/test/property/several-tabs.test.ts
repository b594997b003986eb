import * as fc from 'fast-check';
import type { Element } from 'ltx';
import { expect, test } from 'vitest';
import { Client, textOf } from '../../src/client.ts';
import { distinctPreKeys } from '../../src/distinct-pre-keys.ts';
import { seededPause } from '../../src/pauses.ts';
import { body, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const action = fc.record({
  what: fc.constantFrom('send', 'send', 'read', 'read', 'settle', 'ack'),
  tab: fc.nat(2),
  pick: fc.nat(50),
});

test('three tabs that send, read, answer and acknowledge all at once: one device, nothing lost, no key used twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1 }),
      fc.array(action, { minLength: 3, maxLength: 18 }),
      async (seed, actions) => {
        const world = new World();
        const [alice, bob] = await world.pair();
        const draws = distinctPreKeys();
        const tabs = await Promise.all(
          [1, 2, 3].map((n) => {
            const store = bob.memory.open({ pause: seededPause(seed + n * 7_919) });
            return Client.omemoOn(bob.connection, bob.memory, { store, randomness: draws });
          }),
        );
        bob.deaf();
        for (let n = 0; n < 4; n++) await alice.say(bob.jid, `in ${n}`);
        await world.quiet();
        const stanzas: Element[] = bob.received.filter((stanza) => encryptedIn(stanza));
        const acked: string[] = [];
        let count = 0;
        const run = async ({ what, tab, pick }: { what: string; tab: number; pick: number }) => {
          const omemo = tabs[tab]!;
          if (what === 'send') {
            await omemo.send({ to: alice.jid, content: [body(`out ${count++}`)] });
          } else if (what === 'read') {
            const result = await omemo.receive(copyOf(stanzas[pick % stanzas.length]!));
            expect(['message', 'duplicate']).toContain(result.type);
          } else if (what === 'settle') expect(await omemo.settle()).toEqual([]);
          else {
            const [first] = await omemo.inbox();
            if (first === undefined) return;
            await omemo.ack([first.id]);
            acked.push(textOf(first) ?? '');
          }
        };
        await Promise.all(actions.map(run));
        for (const stanza of stanzas) await tabs[0]!.receive(copyOf(stanza));
        await world.quiet();
        const shown = [...(await tabs[1]!.inbox()).map(textOf), ...new Set(acked)];
        expect([...new Set(shown)].sort()).toEqual(['in 0', 'in 1', 'in 2', 'in 3']);
        expect(shown).toHaveLength(4);
        expect([...alice.texts].sort()).toEqual(Array.from({ length: count }, (_, n) => `out ${n}`).sort());
        expect(alice.types.filter((type) => type === 'failed')).toEqual([]);
        expect(await tabs[2]!.outbox()).toEqual([]);
        expect(world.spent.violations).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['SCHEDULES'] ?? 40) },
  );
});
