import { isDeepStrictEqual } from 'node:util';
import { alice, bob, type PersonName } from '../demo/cast.ts';
import type { Shown } from '../demo/chat-device.ts';
import type { DeviceScreen, Exchange } from '../demo/scenes.ts';
import { above, type Block, beside, block } from '../terminal/block.ts';
import { card, insideOf } from '../terminal/card.ts';
import type { Ink } from '../terminal/ink.ts';
import { wrap } from '../terminal/wrap.ts';
import { excerpt } from './excerpt.ts';
import { serverCard } from './server-card.ts';
import { gap, listed, misfortune } from './wording.ts';

const INDENT = 5;
/** Columns from which three cards stand side by side, and from which two do. */
const THREE = 100;
const TWO = 76;
const ARROW = 3;
const MOST_LINES = 8;

/** An exchange as three cards: what Alice sees, what the server sees, what Bob sees. */
export function exchangeCards(
  exchange: Exchange,
  look: { readonly ink: Ink; readonly width: number },
): readonly string[] {
  const { ink, width } = look;
  const room = width - INDENT - 1;
  const heading = misfortune(exchange);
  const start = heading === undefined ? [] : [' '.repeat(INDENT) + ink.warn(heading)];
  return [...start, ...laidOut(exchange, { ink, room, width }).lines.map((line) => ' '.repeat(INDENT) + line)];
}

function laidOut(exchange: Exchange, { ink, room, width }: { ink: Ink; room: number; width: number }): Block {
  if (width >= THREE) {
    const side = Math.floor((room - 2 * ARROW) * 0.28);
    const middle = room - 2 * ARROW - 2 * side;
    const [toServer, fromServer] = arrows(exchange, ink);
    const isLeftToRight = exchange.from.owner === 'Alice';
    return beside(
      personCard('Alice', exchange, { ink, width: side }),
      isLeftToRight ? toServer : fromServer,
      serverCard(exchange, { ink, width: middle }),
      isLeftToRight ? fromServer : toServer,
      personCard('Bob', exchange, { ink, width: side }),
    );
  }
  const { from, to } = exchange;
  if (width >= TWO) {
    const side = Math.floor((room - 1) * 0.44);
    const people = [from.owner, to].map((name) => personCard(name, exchange, { ink, width: side }));
    return beside(above(...people), block([], 1), serverCard(exchange, { ink, width: room - 1 - side }));
  }
  return above(
    personCard(from.owner, exchange, { ink, width: room }),
    serverCard(exchange, { ink, width: room }),
    personCard(to, exchange, { ink, width: room }),
  );
}

/** From the writer to the server, and on from there, beside the first lines of the cards. */
function arrows({ from, fate }: Exchange, ink: Ink): [Block, Block] {
  const arrow = ink.faint(from.owner === 'Alice' ? '→' : '←');
  const onward = { carried: arrow, lost: ink.bad('✗'), swapped: ink.warn('⇄'), doubled: ink.warn('⇉') }[fate];
  return [block(['', ` ${arrow}`], ARROW), block(['', ` ${onward}`], ARROW)];
}

function personCard(name: PersonName, exchange: Exchange, { ink, width }: { ink: Ink; width: number }): Block {
  const { from, texts, screens } = exchange;
  const inside = insideOf(width);
  const colour = (text: string) => ink.consistent(text, name === 'Alice' ? alice.jid : bob.jid);
  const own = screens.filter((screen) => screen.name.owner === name);
  const title = ink.bold(colour(name));
  if (from.owner !== name) return card({ title, lines: reading(own, { ink, inside }), width, frame: colour });
  const written = texts.flatMap((text) => excerpt(text, { width: inside, lines: MOST_LINES }));
  const lines = [...written, ...note(`also on ${listed(own.map((screen) => screen.name.kind))}`, { ink, inside })];
  return card({ title: `${title} ${ink.faint(from.kind)}`, lines, width, frame: colour });
}

/** What the recipient's screens show, those that show the same together. */
function reading(screens: readonly DeviceScreen[], look: { readonly ink: Ink; readonly inside: number }): string[] {
  return grouped(screens).flatMap(({ kinds, shows }) => [
    ...screenLines(shows, look),
    ...note(`on ${listed(kinds)}`, look),
  ]);
}

/** Words of the demo's own, not of the message. */
function note(text: string, { ink, inside }: { readonly ink: Ink; readonly inside: number }): string[] {
  return wrap(text, inside).map(ink.faint);
}

/** Devices that show the same, together. */
function grouped(screens: readonly DeviceScreen[]): { kinds: string[]; shows: readonly Shown[] }[] {
  const groups: { kinds: string[]; shows: readonly Shown[] }[] = [];
  for (const { name, shows } of screens) {
    const same = groups.find((group) => isDeepStrictEqual(group.shows, shows));
    if (same === undefined) groups.push({ kinds: [name.kind], shows });
    else same.kinds.push(name.kind);
  }
  return groups;
}

function screenLines(shows: readonly Shown[], look: { readonly ink: Ink; readonly inside: number }): string[] {
  return shows.length === 0 ? note('(nothing)', look) : shows.flatMap((shown) => shownLines(shown, look));
}

function shownLines(shown: Shown, look: { readonly ink: Ink; readonly inside: number }): string[] {
  const { ink, inside } = look;
  switch (shown.type) {
    case 'text':
      return [
        ...(shown.missing > 0 ? wrap(`… ${gap(shown.missing)}`, inside).map(ink.warn) : []),
        ...excerpt(shown.text, { width: inside, lines: MOST_LINES }),
        ...(shown.order === 'late' ? note('↑ late: it was missing', look) : []),
      ];
    case 'duplicate':
      return note('(a copy: not shown)', look);
    case 'not-for-this-device':
      return note('(not for this device)', look);
    case 'failed':
      return wrap(`(not readable: ${shown.reason})`, inside).map(ink.bad);
  }
}
