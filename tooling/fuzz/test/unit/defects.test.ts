import type { Store } from '@omemo-kit/omemo-core';
import { bareJid } from '@omemo-kit/omemo-wire';
import { copyOf, encryptedIn, setText } from '@omemo-kit/scenarios/stanzas';
import { describe, expect, test } from 'vitest';
import { conversation } from '../../src/conversation.ts';
import { fuzzTarget } from '../../src/fuzz-target.ts';
import { mutateText } from '../../src/mutate/text.ts';
import { wireRefusal } from '../../src/refusals.ts';
import { ACCEPTED, type Target } from '../../src/target.ts';
import { Victim } from '../../src/targets/victim.ts';
import { elementOf, XmlSamples } from '../../src/targets/xml-target.ts';

/** A parser of addresses with a fault of ours in it. */
function faulty(fault: (text: string) => unknown): Target {
  return {
    name: 'faulty',
    open: async () => ({
      generate: (draw) => mutateText(draw, 'alice@example.org', ['bob@example.net']),
      run: (input) => {
        try {
          fault(String(input));
          bareJid(String(input));
          return ACCEPTED;
        } catch (error) {
          return wireRefusal(error);
        }
      },
    }),
  };
}

const whatOf = async (target: Target, runs = 3_000) =>
  (await fuzzTarget(target, { seed: 1, runs })).defects.map(({ what }) => what);

describe('a defect is reported', () => {
  test('that is a TypeError', async () => {
    const [what] = await whatOf(faulty((text) => (text.includes('@@') ? (undefined as never as string).length : 0)));
    expect(what).toMatch(/^TypeError/);
  });

  test('that is a RangeError of a stack that is used up', async () => {
    const deep = (text: string): number => (text.includes('<') ? 1 + deep(text) : 0);
    expect((await whatOf(faulty(deep)))[0]).toMatch(/^RangeError/);
  });

  test('that is memory which is never given back', async () => {
    const kept: unknown[] = [];
    const defects = await whatOf(faulty((text) => kept.push([...text, ...new Array(5_000).fill(0)])));
    // Collected on demand only where Node was started so.
    if (globalThis.gc !== undefined) expect(defects[0]).toMatch(/^the heap grew/);
  });

  test('that is a stanza which is refused and changes the store', async () => {
    const { bob, stanzas } = await conversation();
    const note = { key: 'note/1', version: 1, value: new Uint8Array(1) };
    const forged = copyOf(stanzas.message);
    setText(encryptedIn(forged)?.getChild('payload'), 'AAAA');
    // Writes down every time that it is asked.
    const talkative = (store: Store): Store => ({
      ...{ list: (prefix) => store.list(prefix), close: () => store.close(), commit: (batch) => store.commit(batch) },
      get: async (keys) => {
        if (writing) await store.commit({ id: new Uint8Array(16), expect: [], put: [note], remove: [] });
        return store.get(keys);
      },
    });
    let writing = false;
    const victim = await Victim.of(bob, talkative);
    expect(await victim.take(copyOf(forged))).toBe('failed: not-authentic');
    writing = true;
    await expect(victim.take(forged)).rejects.toThrow(/changed the store/);
  });

  test('that is content which nobody sealed', async () => {
    const { bob, stanzas } = await conversation();
    const victim = await Victim.of(bob);
    await victim.readsOnly([stanzas.carbon]);
    await expect(victim.take(copyOf(stanzas.message))).rejects.toThrow(/nobody sealed/);
  });
});

test('a run can be done again by its number', async () => {
  const seen: unknown[] = [];
  const target: Target = {
    name: 'any',
    open: async () => {
      const { stanzas } = await conversation();
      const samples = new XmlSamples(Object.values(stanzas));
      return {
        generate: (draw) => samples.draw(draw),
        run: (input) => {
          seen.push(input);
          return typeof elementOf(input) === 'string' ? 'no XML' : ACCEPTED;
        },
      };
    },
  };
  await fuzzTarget(target, { seed: 5, runs: 40 });
  const [seventh] = seen.slice(7, 8);
  seen.length = 0;
  await fuzzTarget(target, { seed: 5, runs: 1, from: 7 });
  expect(seen[0]).toBe(seventh);
});
