import type { Shown } from '../demo/chat-device.ts';
import type { Scene } from '../demo/scenes.ts';
import type { StanzaView } from '../demo/stanza-view.ts';
import type { Ink } from '../terminal/ink.ts';
import { excerpt } from './excerpt.ts';
import { deviceName, gap, listed, misfortune, recordsIn, searchResults, summaryFacts } from './wording.ts';

/** Nobody reads on along lines longer than this. */
const LONGEST_LINE = 500;
const MOST_LINES = 12;
const BASE64_SHOWN = 24;

/** A scene as lines for a pipe or a file: one fact each, without frames, whatever the width. */
export function tellInLines(scene: Scene, ink: Ink): readonly string[] {
  switch (scene.type) {
    case 'opening':
      return [
        `omemo-kit demo (${scene.namespace})`,
        ...Object.entries(scene.software).map(([person, software]) => `${person} runs ${software}`),
        recordsIn(scene.records),
      ];
    case 'chapter':
      return ['', ink.bold(`${scene.number}. ${scene.title}`)];
    case 'introduction':
      return scene.devices.map(
        ({ name, jid, deviceId, preKeys, bundleBytes }) =>
          `${deviceName(name)}: ${jid}, device ${deviceId}, bundle of ${bundleBytes} bytes with ${preKeys} pre-keys`,
      );
    case 'refusal':
      return [
        ...said(`${deviceName(scene.by)} writes`, scene.text),
        `${deviceName(scene.by)}: ${ink.bad('refused')}, ${scene.reason}`,
        ...scene.undecided.map(
          ({ name, deviceId, fingerprint }) =>
            `undecided: ${deviceName(name)}, device ${deviceId}, ${coloured(fingerprint, ink)}`,
        ),
        `server sees: ${scene.messagesAtServer} messages`,
      ];
    case 'comparison':
      return scene.devices.map(({ name, deviceId, fingerprint, verifiedBy }) => {
        const by = listed(verifiedBy.map(deviceName));
        return `${ink.good('verified')}: ${deviceName(name)}, device ${deviceId}, ${coloured(fingerprint, ink)}, by ${by}`;
      });
    case 'exchange': {
      const special = misfortune(scene);
      return [
        ...(special === undefined ? [] : [`-- ${special}`]),
        ...scene.texts.flatMap((text) => said(`${deviceName(scene.from)} writes`, text)),
        ...scene.server.flatMap(serverLines),
        ...scene.screens.flatMap(({ name, shows }) => screenLines(deviceName(name), shows)),
      ];
    }
    case 'restart':
      return [
        `${deviceName(scene.name)}: starts again as device ${scene.deviceId}, unacknowledged: ${listed(scene.unacknowledged)}`,
        ...screenLines(deviceName(scene.name), scene.shows),
      ];
    case 'remark':
      return [scene.text];
    case 'search':
      return searchResults(scene).map((result) => `${ink.good('checked')}: ${result}`);
    case 'summary':
      return ['', `${ink.good('ok')}: ${[...summaryFacts(scene), recordsIn(scene.records)].join(', ')}`];
  }
}

function said(prefix: string, text: string): string[] {
  const [first, ...rest] = excerpt(text, { width: LONGEST_LINE, lines: MOST_LINES });
  return [`${prefix}: ${first}`, ...rest.map((line) => `  | ${line}`)];
}

function coloured(fingerprint: readonly string[], ink: Ink): string {
  return `fingerprint ${fingerprint.map((group) => ink.consistent(group)).join(' ')}`;
}

function serverLines({ id, from, to, bytes, keys, payload }: StanzaView): string[] {
  return [
    `server sees: ${id} from ${from} to ${to}, ${bytes} bytes`,
    ...keys.map(
      (key) =>
        `server sees: ${id} key for ${key.jid} device ${key.deviceId}, ${key.bytes} bytes, number ${key.number}` +
        `${key.content === 'key-exchange' ? ', opens a session' : ''}`,
    ),
    `server sees: ${id} payload of ${payload?.bytes ?? 0} bytes, ${payload?.base64.slice(0, BASE64_SHOWN)}...`,
  ];
}

function screenLines(name: string, shows: readonly Shown[]): string[] {
  return shows.length === 0 ? [`${name} shows: (nothing)`] : shows.flatMap((shown) => shownLines(name, shown));
}

function shownLines(name: string, shown: Shown): string[] {
  switch (shown.type) {
    case 'text':
      return [
        ...(shown.missing > 0 ? [`${name} shows: (${gap(shown.missing)})`] : []),
        ...said(`${name} shows${shown.order === 'late' ? ' (late)' : ''}`, shown.text),
      ];
    case 'duplicate':
      return [`${name} shows: (nothing: it came before)`];
    case 'not-for-this-device':
      return [`${name} shows: (nothing: not for this device)`];
    case 'failed':
      return [`${name} shows: (not readable: ${shown.reason})`];
  }
}
