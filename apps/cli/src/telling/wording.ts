import type { DeviceName } from '../demo/cast.ts';
import type { RecordsPlace } from '../demo/demo-storage.ts';
import type { Exchange, Search, Summary } from '../demo/scenes.ts';
import { printable } from '../terminal/printable.ts';

const number = new Intl.NumberFormat('en-GB');

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number.format(amount)} ${amount === 1 ? one : many}`;
}

export function bytes(amount: number): string {
  return `${number.format(amount)} B`;
}

/** Rounded to what somebody takes in. */
function size(amount: number): string {
  return amount < 10_000 ? bytes(amount) : `${number.format(Math.round(amount / 1_000))} kB`;
}

export function deviceName({ owner, kind }: DeviceName): string {
  return `${owner}’s ${kind}`;
}

/** `phone`, `phone and tablet`, `phone, tablet and laptop`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

export function recordsIn(place: RecordsPlace): string {
  // A path is somebody's text, too.
  return place.kind === 'memory' ? 'records in memory' : `records in ${printable(place.file).replaceAll('\n', '␊')}`;
}

/** What is special about an exchange, if anything is. */
export function misfortune({ fate, screens }: Exchange): string | undefined {
  switch (fate) {
    case 'lost':
      return 'A message gets lost';
    case 'swapped':
      return 'Two messages change places';
    case 'doubled':
      return 'A message arrives twice';
    case 'carried': {
      const isNext = screens.some(({ shows }) => shows.some((shown) => shown.type === 'text' && shown.missing > 0));
      return isNext ? 'The next one shows the gap' : undefined;
    }
  }
}

export function gap(missing: number): string {
  return missing === 1 ? 'a message is missing' : `${missing} messages are missing`;
}

export function searchResults({
  stanzas,
  bytes: searched,
  lookedFor,
  tooCommon,
  messagesOfKnownShape,
}: Search): string[] {
  const where = `${count(stanzas, 'stanza')} (${size(searched)})`;
  const rest = tooCommon === 0 ? '' : ` (${tooCommon} more too short or too common to tell by searching)`;
  return [
    `${count(messagesOfKnownShape, 'encrypted message')} hold addresses, ids and sealed bytes, and nothing else`,
    `${count(lookedFor, 'text')} looked for in ${where}, plain and in base64: not there${rest}`,
  ];
}

export function summaryFacts(summary: Summary): string[] {
  return [
    `${count(summary.sent, 'message')} sent`,
    `${number.format(summary.read)} read`,
    `${number.format(summary.lost)} lost`,
    count(summary.duplicates, 'duplicate'),
    count(summary.sessions, 'session'),
    `${count(summary.devices, 'device')} verified`,
    `${size(summary.bytes)} on the wire`,
  ];
}
