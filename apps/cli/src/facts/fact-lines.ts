import type { Ink } from '../terminal/ink.ts';
import { printable } from '../terminal/printable.ts';
import type { DeviceFact, Fact, MessageFact, ReaderFact, SentFact } from './facts.ts';

/** A fact as lines for a person. What others wrote cannot do anything to the terminal. */
export function factLines(fact: Fact, ink: Ink): readonly string[] {
  switch (fact.type) {
    case 'account':
      return [`${ink.bold(fact.jid)}, device ${fact.deviceId}, records in ${fact.records}`];
    case 'device':
      return deviceLines(fact, ink);
    case 'policy':
      return [`${fact.jid}: new devices by the policy ${fact.policy}`];
    case 'verification-uri':
      return [fact.uri];
    case 'sent':
      return sentLines(fact, ink);
    case 'message':
      return messageLines(fact, ink);
    case 'notice':
      return [`${ink.warn(fact.about)}${fact.jid === undefined ? '' : ` (${fact.jid})`}: ${printable(fact.text)}`];
    case 'listening':
      return [ink.faint(`listening as ${[fact.jid, ...fact.rooms].join(', ')}; Ctrl-C ends it`)];
    case 'room':
      return [
        `${ink.bold(fact.jid)}: ${counted(fact.members.length, 'member')}`,
        ...fact.members.map(({ jid, affiliation }) => `  ${jid}, ${affiliation}`),
      ];
    case 'reader':
      return readerLines(fact, ink);
    case 'audience':
      return [
        fact.readers === 0
          ? ink.bold('nobody could read it as things are')
          : `${ink.bold(`${counted(fact.readers, 'device')} could read it`)}, about ${fact.bytes} bytes for a short text`,
        ...fact.unreached.map((jid) => `${ink.warn('nobody reads it')} of ${jid}`),
      ];
    case 'replaced':
      return [
        `${fact.jid}: new sessions with ${counted(fact.deviceIds.length, 'device')}, ${fact.deviceIds.join(', ')}`,
      ];
    case 'done':
      return [`${ink.good('done')}: ${fact.what}`];
  }
}

function deviceLines(device: DeviceFact, ink: Ink): readonly string[] {
  const { jid, deviceId, label, current, listed, changed, trust } = device;
  const facts = [
    trustWord(trust, ink),
    ...(current ? ['this device'] : []),
    ...(listed ? [] : ['not on the list']),
    ...(changed ? [ink.bad('its identity key changed')] : []),
  ];
  const name = label === undefined ? '' : ` “${printable(label)}”`;
  return [`${jid} device ${deviceId}${name}: ${facts.join(', ')}`, ...fingerprintLines(device.fingerprint, ink)];
}

function fingerprintLines(fingerprint: readonly string[], ink: Ink): readonly string[] {
  return fingerprint.length === 0 ? [] : [`  ${fingerprint.map((group) => ink.consistent(group)).join(' ')}`];
}

function readerLines(reader: ReaderFact, ink: Ink): readonly string[] {
  const access = reader.access === 'reads' ? ink.good('reads it') : ink.warn(ACCESS[reader.access]);
  const exchange = reader.access === 'reads' && reader.keyExchange ? ', a key exchange comes along' : '';
  return [
    `${reader.jid} device ${reader.deviceId}: ${access}${exchange}`,
    ...fingerprintLines(reader.fingerprint, ink),
  ];
}

const ACCESS: Readonly<Record<Exclude<ReaderFact['access'], 'reads'>, string>> = {
  undecided: 'waits for your decision; nothing is sent until then',
  distrusted: 'does not, by your decision',
  'no-key': 'does not, it has published no key',
  stale: 'does not, it has not answered for long',
};

function sentLines({ to, devices, delivery, skipped, unreached }: SentFact, ink: Ink): readonly string[] {
  return [
    `${delivery === 'queued' ? ink.warn('queued') : ink.good('sent')} to ${to}: ${counted(devices, 'device')} can read it`,
    ...skipped.map(({ jid, deviceId, reason }) => `not to ${jid} device ${deviceId}: ${reason}`),
    ...unreached.map((jid) => `${ink.warn('without OMEMO')}: ${jid}`),
  ];
}

function messageLines(message: MessageFact, ink: Ink): readonly string[] {
  const { from, room, to, at, trust, missing, text, via } = message;
  const where = room !== undefined ? ` in ${room}` : via === 'carbon' && to !== undefined ? ` to ${to}` : '';
  const mark = trust === 'verified' ? '' : ` [${trustWord(trust, ink)}]`;
  const gap = missing > 0 ? [ink.warn(`${missing} earlier messages have not come`)] : [];
  const [first = '', ...rest] = printable(text).split('\n');
  return [
    ...gap,
    `${ink.faint(at)} ${ink.bold(ink.consistent(from))}${where}${mark}: ${first}`,
    ...rest.map((line) => `  | ${line}`),
  ];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function trustWord(trust: DeviceFact['trust'], ink: Ink): string {
  if (trust === 'verified' || trust === 'trusted') return ink.good(trust);
  return trust === 'distrusted' ? ink.bad(trust) : ink.warn(trust);
}
