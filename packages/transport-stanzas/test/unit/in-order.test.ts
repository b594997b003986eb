import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { InOrder } from '../../src/attach/in-order.ts';
import { xml } from '../../src/index.ts';

function taking(maxWaiting = 10) {
  const taken: string[] = [];
  const take = async (stanza: Element) => {
    await Promise.resolve();
    taken.push(stanza.name);
  };
  return { taken, order: new InOrder(take, { maxWaiting }) };
}

describe('InOrder', () => {
  test('takes one after the other', async () => {
    const { taken, order } = taking();
    await Promise.all(['a', 'b', 'c'].map((name) => order.push(xml(name, {}))));
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  test('keeps back while anybody holds it', async () => {
    const { taken, order } = taking();
    const [first, second] = [order.hold(), order.hold()];
    for (const name of ['a', 'b']) await order.push(xml(name, {}));
    await first();
    await first();
    expect(taken).toEqual([]);
    await second();
    expect(taken).toEqual(['a', 'b']);
    await order.push(xml('c', {}));
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  test('goes on with the oldest when too many wait', async () => {
    const { taken, order } = taking(2);
    const release = order.hold();
    for (const name of ['a', 'b', 'c', 'd']) await order.push(xml(name, {}));
    expect(taken).toEqual(['a', 'b']);
    await release();
    expect(taken).toEqual(['a', 'b', 'c', 'd']);
  });

  test('keeps back what comes from a room and nothing else, in the order it came (S60)', async () => {
    const { taken, order } = taking(2);
    const [all, room] = [order.hold(), order.hold('tea@rooms.example.org')];
    const from = (name: string) => xml(name, { from: 'tea@rooms.example.org/alice' });
    for (const stanza of [from('a'), xml('b', {})]) await order.push(stanza);
    await all();
    expect(taken).toEqual(['b']);
    for (const stanza of [from('c'), xml('d', {})]) await order.push(stanza);
    expect(taken).toEqual(['b', 'd']);
    await order.push(from('e'));
    expect(taken).toEqual(['b', 'd', 'a']);
    await room();
    expect(taken).toEqual(['b', 'd', 'a', 'c', 'e']);
  });
});
