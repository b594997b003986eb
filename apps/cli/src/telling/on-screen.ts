import { alice, bob, type DeviceName, type PersonName } from '../demo/cast.ts';
import type { Chapter, Comparison, Introduction, Opening, Refusal, Restart, Scene, Summary } from '../demo/scenes.ts';
import type { Ink } from '../terminal/ink.ts';
import { wrap } from '../terminal/wrap.ts';
import { excerpt } from './excerpt.ts';
import { exchangeCards } from './exchange-cards.ts';
import { bytes, count, deviceName, listed, recordsIn, searchResults, summaryFacts } from './wording.ts';

export interface Look {
  readonly ink: Ink;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Columns left of chapter titles, and of what stands in a chapter. */
const MARGIN = 2;
const INDENT = 5;
/** Columns of running text, so that it can be read. */
const MEASURE = 96;
/** Columns from which a fingerprint fits on one line beside its device. */
const WIDE = 112;

/** A scene as somebody sees it who looks on; `previous` is the one above it. */
export function tellOnScreen(scene: Scene, look: Look, previous?: Scene): readonly string[] {
  const isFirstOfChapter = previous === undefined || previous.type === 'chapter';
  return isFirstOfChapter ? linesOf(scene, look) : ['', ...linesOf(scene, look)];
}

function linesOf(scene: Scene, look: Look): readonly string[] {
  switch (scene.type) {
    case 'opening':
      return opening(scene, look);
    case 'chapter':
      return chapter(scene, look);
    case 'introduction':
      return introduction(scene, look);
    case 'refusal':
      return refusal(scene, look);
    case 'comparison':
      return comparison(scene, look);
    case 'exchange':
      return exchangeCards(scene, look);
    case 'restart':
      return ticked(comeback(scene), look);
    case 'remark':
      return ticked([scene.text], look);
    case 'search':
      return ticked(searchResults(scene), look);
    case 'summary':
      return summary(scene, look);
  }
}

function opening({ namespace, software, records }: Opening, { ink, width }: Look): string[] {
  const { Alice, Bob } = software;
  const runs = Alice === Bob ? `Both run ${Alice}.` : `Alice runs ${Alice}, Bob runs ${Bob}.`;
  const scene = `Alice and Bob have two devices each, and a server between them that is curious. ${runs}`;
  return [
    '',
    indented(MARGIN, `${ink.bold('omemo-kit')}  ${ink.faint(namespace)}`),
    ...paragraph(scene, { columns: MARGIN, width }),
    ...paragraph(recordsIn(records), { columns: MARGIN, width }).map(ink.faint),
  ];
}

function chapter({ number, title, about }: Chapter, { ink, width }: Look): string[] {
  return [indented(MARGIN, ink.bold(`${number}  ${title}`)), ...paragraph(about, { columns: INDENT, width }), ''];
}

function paragraph(text: string, { columns, width }: { readonly columns: number; readonly width: number }): string[] {
  return wrap(text, Math.min(MEASURE, width - columns - MARGIN)).map((line) => indented(columns, line));
}

function introduction({ devices }: Introduction, { ink }: Look): string[] {
  return devices.map(({ name, deviceId, preKeys, bundleBytes }) => {
    const bundle = `${count(preKeys, 'one-time key')}, ${bytes(bundleBytes)}`;
    return indented(INDENT, `${cell(name, ink)}  ${String(deviceId).padStart(10)}  ${ink.faint(bundle)}`);
  });
}

function refusal({ by, text, reason, undecided }: Refusal, { ink, width }: Look): string[] {
  const start = `${deviceName(by)} writes: `;
  const [first = ''] = excerpt(text, { width: width - INDENT - MARGIN - start.length, lines: 2 });
  const waiting = listed(undecided.map(({ name, deviceId }) => `${deviceName(name)} (${deviceId})`));
  return [
    indented(INDENT, start.replace(by.owner, person(by.owner, ink)) + first),
    indented(INDENT, `${ink.bad('✗ not sent:')} ${reason}`),
    ...paragraph(waiting, { columns: INDENT + 2, width }),
  ];
}

function comparison({ devices }: Comparison, { ink, width }: Look): string[] {
  return devices.flatMap(({ name, fingerprint, verifiedBy }) => {
    const groups = fingerprint.map((group) => ink.consistent(group));
    const lines = width >= WIDE ? [groups] : [groups.slice(0, 4), groups.slice(4)];
    const agreed = ink.good(width < 72 ? `✓ ${verifiedBy.length}` : `✓ same on ${verifiedBy.length} others`);
    return lines.map((line, index) => {
      const start = index === 0 ? cell(name, ink) : ' '.repeat(NAME_WIDTH);
      return indented(INDENT, `${start}  ${line.join(' ')}${index === 0 ? `  ${agreed}` : ''}`);
    });
  });
}

function comeback({ name, deviceId, shows }: Restart): string[] {
  const texts = shows.flatMap((shown) =>
    shown.type === 'text' ? excerpt(shown.text, { width: MEASURE, lines: 1 }) : [],
  );
  return [
    `${deviceName(name)} starts again from its records, as device ${deviceId}`,
    `It shows what it had read, under the id it had: ${texts.join(' ')}`,
  ];
}

function ticked(facts: readonly string[], { ink, width }: Look): string[] {
  return facts.flatMap((fact) =>
    wrap(fact, Math.min(MEASURE, width - INDENT - 4)).map((line, index) =>
      indented(INDENT, `${index === 0 ? ink.good('✓') : ' '} ${line}`),
    ),
  );
}

function summary(scene: Summary, { ink, width }: Look): string[] {
  const [first = '', ...rest] = wrap(summaryFacts(scene).join(' · '), width - MARGIN - 4);
  return [
    indented(MARGIN, `${ink.good('✓')} ${ink.bold(first)}`),
    ...rest.map((line) => indented(MARGIN + 2, ink.bold(line))),
    ...wrap(recordsIn(scene.records), width - MARGIN - 4).map((line) => indented(MARGIN + 2, ink.faint(line))),
    '',
  ];
}

const NAME_WIDTH = 'Alice laptop'.length;

function cell(name: DeviceName, ink: Ink): string {
  const padding = ' '.repeat(NAME_WIDTH - 'Alice '.length - name.kind.length);
  return `${person(name.owner, ink)}${' '.repeat('Alice '.length - name.owner.length)}${name.kind}${padding}`;
}

/** A name in the colour that every client gives to that address. */
function person(name: PersonName, ink: Ink): string {
  return ink.bold(ink.consistent(name, name === 'Alice' ? alice.jid : bob.jid));
}

function indented(columns: number, line: string): string {
  return line === '' ? '' : ' '.repeat(columns) + line;
}
