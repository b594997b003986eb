import type { Draw } from '../draw.ts';
import { ATTRIBUTES, NAMES, WORDS } from './words.ts';

/** Pieces of XML that XMPP allows, and that it does not. */
const PIECES: readonly string[] = [
  ...[
    '<',
    '>',
    '"',
    "'",
    '&',
    '&amp;',
    '&lt;',
    '&#0;',
    '&#x41;',
    '&#xd800;',
    '&#99999999;',
    '&lol;',
    '<!--',
    '-->',
    '<![CDATA[x]]>',
  ],
  ...[
    '<?xml version="1.0"?>',
    '<!DOCTYPE a [<!ENTITY lol "lol">]>',
    ']]>',
    '</',
    '/>',
    '<a>',
    '</a>',
    '<a/>',
    '<x:y/>',
    '<:a/>',
  ],
  ...[
    ' xmlns="urn:x"',
    ' xmlns:x="urn:x"',
    ' xmlns:x=""',
    ' xml:lang="en"',
    ' a="1" a="2"',
    ' a=1',
    ' a',
    '\u0000',
    '\ud800',
    '\ufffe',
  ],
  ...['<d>'.repeat(70), '<d a="1">'.repeat(30), '&amp;'.repeat(500), ' '.repeat(2_000)],
];

/** Text, mostly XML, after one to three changes. */
export function mutateText(draw: Draw, text: string, others: readonly string[]): string {
  let changed = text;
  for (let left = 1 + draw.below(3); left > 0; left--) changed = change(draw, changed, others);
  return changed.slice(0, 300_000);
}

function change(draw: Draw, text: string, others: readonly string[]): string {
  const at = draw.below(text.length + 1);
  const after = at + draw.below(24);
  switch (draw.below(9)) {
    case 0:
      return text.slice(0, at) + draw.pick(PIECES) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(after);
    case 2:
      return text.slice(0, at);
    case 3:
      return (
        text.slice(0, at) +
        String.fromCharCode(draw.once(2) ? draw.below(128) : draw.below(0x1_0000)) +
        text.slice(at + 1)
      );
    case 4: {
      const other = draw.pick(others);
      return text.slice(0, at) + other.slice(draw.below(other.length + 1));
    }
    case 5:
      return text.slice(0, at) + text.slice(at, after).repeat(draw.once(50) ? 500 : 2) + text.slice(after);
    case 6:
      return (
        text.slice(0, at) +
        draw.pick([WORDS, NAMES, ATTRIBUTES, PIECES].map((words) => draw.pick(words))) +
        text.slice(after)
      );
    case 7: {
      // Between two tags, or in the place of a value.
      const from = text.indexOf(draw.pick(['>', '"', '<', ' ']), at);
      return from < 0 ? text : text.slice(0, from + 1) + draw.pick(WORDS) + text.slice(from + 1);
    }
    default:
      return draw.once(2) ? text + draw.pick(others) : draw.pick(PIECES) + text;
  }
}
