import { recordKeys, sessionSetRecord } from '@omemo-kit/omemo-core/records';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Client, textOf } from '../../src/client.ts';
import { distinctPreKeys } from '../../src/distinct-pre-keys.ts';
import { hex } from '../../src/spent-keys.ts';
import { copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

type Side = 0 | 1;
type Step =
  | { readonly do: 'send'; readonly by: Side }
  | { readonly do: 'deliver' | 'again' | 'drop'; readonly by: Side; readonly pick: number }
  | { readonly do: 'settle' | 'crash' | 'replace' | 'rotate'; readonly by: Side };

const by = fc.constantFrom<Side>(0, 1);
const pick = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), by }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), by, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('again' as const, 'drop' as const), by, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'crash' as const), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('replace' as const, 'rotate' as const), by }) },
);

/** A world of two devices that can be put back to its first day. */
async function resettable() {
  const world = new World();
  // They outlive a crash: a pre-key that is under way is not taken again before the bundle is published anew.
  const draws = [distinctPreKeys(), distinctPreKeys()] as const;
  const sides: [Client, Client] = [
    await world.client('alice@example.org/phone', { randomness: draws[0] }),
    await world.client('bob@example.net/desk', { randomness: draws[1] }),
  ];
  for (const client of sides) await client.omemo.start();
  await world.calm();
  for (const client of sides) client.deaf();
  const memories = sides.map(({ memory }) => memory.snapshot());
  const node = 'urn:xmpp:omemo:2:bundles';
  const bundles = sides.map(({ jid }) => world.server.node(jid, node)!);
  const reset = async () => {
    for (const [index, client] of sides.entries()) {
      client.memory.restore(memories[index]!);
      const { options, items } = bundles[index]!;
      const kept = [...items].map(([id, payload]) => ({ id, payload: copyOf(payload) }));
      world.server.createNode({ jid: client.jid, node, options, items: kept });
      await client.crash({ randomness: draws[index]! });
      client.received.length = 0;
    }
    world.server.log.length = 0;
  };
  return { world, sides, draws, reset };
}

/** The session that a client would send its next message over, by what it holds. */
function sendingSessionId(client: Client, other: Client): string {
  const key = recordKeys(client.jid).session(other.jid, other.omemo.deviceId);
  const { sessions } = sessionSetRecord.decode(client.memory.snapshot().find((one) => one.key === key)!);
  return hex(sessions.find(({ standing }) => standing === 'live')!.id);
}

test('whatever is lost, doubled, late or out of order: each message delivered is read exactly once, no key is used twice, and both come to one session', async () => {
  const { world, sides, draws, reset } = await resettable();
  const schedules = fc.array(step, { minLength: 5, maxLength: 45 });
  await fc.assert(
    fc.asyncProperty(schedules, async (steps) => {
      await reset();
      const pools: [Element[], Element[]] = [[], []];
      const history: [Element[], Element[]] = [[], []];
      const read: [string[], string[]] = [[], []];
      const wanted: [Set<string>, Set<string>] = [new Set(), new Set()];
      const textById = new Map<string, string>();
      let count = 0;
      let replacements = 0;
      const collect = async () => {
        await world.quiet();
        for (const side of [0, 1] as const) {
          pools[side].push(...sides[side].received.splice(0).filter((stanza) => encryptedIn(stanza)));
        }
      };
      const deliver = async (side: Side, stanza: Element) => {
        const result = await sides[side].omemo.receive(copyOf(stanza));
        const text = textById.get(String(stanza.attrs['id']));
        if (text !== undefined) wanted[side].add(text);
        if (history[side].includes(stanza)) expect(result.type).toBe('duplicate');
        else expect(['message', 'empty']).toContain(result.type);
        history[side].push(stanza);
        read[side].push(...[textOf(result)].flatMap((one) => one ?? []));
      };
      const take = (pool: Element[], at: number) => (pool.length === 0 ? [] : pool.splice(at % pool.length, 1));
      for (const one of steps) {
        const client = sides[one.by];
        const other = sides[one.by === 0 ? 1 : 0];
        if (one.do === 'send') {
          const text = `message ${count++}`;
          const { id } = await client.say(other.jid, text);
          textById.set(id, text);
        } else if (one.do === 'deliver') {
          for (const stanza of take(pools[one.by], one.pick)) await deliver(one.by, stanza);
        } else if (one.do === 'again') {
          const past = history[one.by];
          if (past.length > 0) await deliver(one.by, past[one.pick % past.length]!);
        } else if (one.do === 'drop') take(pools[one.by], one.pick);
        else if (one.do === 'settle') expect(await client.omemo.settle()).toEqual([]);
        else if (one.do === 'crash') await client.crash({ randomness: draws[one.by] });
        else if (one.do === 'rotate') {
          if (replacements++ < 1) await client.omemo.rotateSignedPreKey();
        } else if (replacements++ < 3) await client.omemo.replaceSessions({ jid: other.jid });
        await collect();
      }
      for (const side of [0, 1] as const) for (const stanza of pools[side].splice(0)) await deliver(side, stanza);
      for (const side of [0, 1] as const) expect([...read[side]].sort()).toEqual([...wanted[side]].sort());
      // Once both are heard in turns they send over one session, whatever crossed before (X20).
      for (let round = 0; round < 8; round++) {
        const side: Side = round % 2 === 0 ? 0 : 1;
        await sides[side].say(sides[side === 0 ? 1 : 0].jid, `after ${round}`);
        await collect();
        for (const stanza of pools[side === 0 ? 1 : 0].splice(0)) await deliver(side === 0 ? 1 : 0, stanza);
      }
      expect(sendingSessionId(sides[0], sides[1])).toBe(sendingSessionId(sides[1], sides[0]));
      expect(world.spent.violations).toEqual([]);
    }),
    { numRuns: Number(process.env['SCHEDULES'] ?? 120) },
  );
});

type Element = Parameters<typeof copyOf>[0];
