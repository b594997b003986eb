import { parse } from 'ltx';
import { expect, it } from 'vitest';
import { RoughCourier } from '../live/support/rough-courier.ts';
import { SeededRandom } from '../live/support/seeded-random.ts';

const SENT = 2000;

/** Numbers as they come, with those of second copies below zero. */
async function journey(seed: number, shares: { lost: number; late: number; twice: number }): Promise<number[]> {
  const courier = new RoughCourier({ random: new SeededRandom(seed), longestDelay: 10, ...shares });
  const transport = courier.post.transportOf({
    bareJid: 'alice@a.example',
    jid: 'alice@a.example/x',
  } as Parameters<typeof courier.post.transportOf>[0]);
  const arrived: number[] = [];
  const hand = async ({ copy, stanza }: { copy: 'first' | 'second'; stanza: ReturnType<typeof parse> }) => {
    const number = Number(stanza.attrs['id']);
    arrived.push(copy === 'first' ? number : -number);
  };
  for (let number = 1; number <= SENT; number += 1) {
    await transport.send(parse(`<message to="bob@b.example" id="${number}"/>`));
    await courier.deliverDue(hand);
  }
  await courier.deliverAll(hand);
  expect(courier.counts.sent).toBe(SENT);
  return arrived;
}

it('hands over everything in order when nothing goes wrong', async () => {
  const arrived = await journey(1, { lost: 0, late: 0, twice: 0 });
  expect(arrived).toEqual(Array.from({ length: SENT }, (_, index) => index + 1));
});

it('loses, delays and doubles as much as it is told, by the seed', async () => {
  const shares = { lost: 0.05, late: 0.2, twice: 0.05 };
  const arrived = await journey(1, shares);
  const first = arrived.filter((number) => number > 0);
  expect(new Set(first).size).toBe(first.length);
  expect(SENT - first.length).toBeGreaterThan(SENT * 0.03);
  expect(SENT - first.length).toBeLessThan(SENT * 0.07);
  expect(first.filter((number, index) => number < (first[index - 1] ?? 0)).length).toBeGreaterThan(SENT * 0.1);
  const second = arrived.filter((number) => number < 0);
  expect(second.length).toBeGreaterThan(SENT * 0.03);
  for (const number of second) expect(arrived.indexOf(-number)).toBeLessThan(arrived.indexOf(number));
  expect(await journey(1, shares)).toEqual(arrived);
  expect(await journey(2, shares)).not.toEqual(arrived);
});
