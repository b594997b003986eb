import { personOf } from '../demo/cast.ts';
import type { Exchange } from '../demo/scenes.ts';
import type { KeyView, StanzaView } from '../demo/stanza-view.ts';
import type { Block } from '../terminal/block.ts';
import { card, insideOf } from '../terminal/card.ts';
import type { Ink } from '../terminal/ink.ts';
import { shorten } from '../terminal/wrap.ts';
import { bytes, count } from './wording.ts';

type Row = readonly [label: string, value: string];

const LABEL_WIDTH = 'sealed '.length;
/** Columns from which a key's row says in words that it opens a session. */
const WORDY = 43;

/** What the server sees of an exchange: every key while sessions are opened, a count of them after that. */
export function serverCard({ server }: Exchange, { ink, width }: { readonly ink: Ink; readonly width: number }): Block {
  const inside = insideOf(width);
  const stanzas = server.map((stanza) =>
    rowsOf(stanza, inside).map(
      ([label, value]) => ink.faint(label.padEnd(LABEL_WIDTH)) + shorten(value, inside - LABEL_WIDTH),
    ),
  );
  const lines = stanzas.flatMap((rows, index) => (index === 0 ? rows : ['', ...rows]));
  return card({ title: ink.faint('the server sees'), lines, width, frame: ink.faint });
}

function rowsOf({ from, to, bytes: size, keys, payload }: StanzaView, inside: number): readonly Row[] {
  const opensSession = keys.some(({ content }) => content === 'key-exchange');
  return [
    ['from', from],
    ['to', to],
    ...(opensSession ? keys.map((key) => keyRow(key, inside)) : [keysRow(keys)]),
    ['sealed', payload === undefined ? 'nothing' : `${bytes(payload.bytes)}  ${payload.base64}`],
    ['size', bytes(size)],
  ];
}

function keyRow({ jid, deviceId, bytes: size, content, number }: KeyView, inside: number): Row {
  const [gap, opens] = inside < WORDY ? [' ', 'new'] : ['  ', 'new session'];
  const what = content === 'key-exchange' ? opens : `no. ${number}`;
  const device = `${personOf(jid).name.padEnd(5)} ${String(deviceId).padStart(10)}`;
  return ['key', [device, bytes(size), what].join(gap)];
}

function keysRow(keys: readonly KeyView[]): Row {
  const numbers = new Set(keys.map(({ number }) => number));
  const which =
    numbers.size === 1 ? `no. ${[...numbers].join()} for each` : `no. ${keys.map(({ number }) => number).join(', ')}`;
  return ['keys', `${count(keys.length, 'device')}, ${which}`];
}
