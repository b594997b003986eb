import { OmemoError } from '../errors.ts';
import { rememberingLast } from '../remembering-last.ts';
import { toHex } from './bytes.ts';

/**
 * The names of all records of one account. Every key starts with the account's segment, so that one store holds as many
 * accounts as it likes.
 */
export interface RecordKeys {
  readonly account: string;
  readonly identity: string;
  readonly bundle: string;
  readonly counter: string;
  readonly inboxState: string;
  readonly outboxState: string;
  readonly inboxPrefix: string;
  readonly outboxPrefix: string;
  readonly debtPrefix: string;
  readonly deviceListPrefix: string;
  readonly trustPrefix: string;
  readonly sessionPrefix: string;
  readonly preKeyPrefix: string;
  readonly allSkippedPrefix: string;
  readonly seenPrefix: string;
  readonly roomPrefix: string;
  /** How much strangers have used up. */
  readonly strangers: string;
  /** How many sessions were started because messages came without one. */
  readonly sessionStarts: string;
  /** When and how often the device was put on the device list, and what the server refused. */
  readonly announcements: string;
  /** An archive is being read. */
  readonly catchUp: string;
  preKey(id: number): string;
  deviceList(jid: string): string;
  trust(jid: string): string;
  sessionsOf(jid: string): string;
  session(jid: string, deviceId: number): string;
  /** All skipped keys of one device. */
  skippedOf(jid: string, deviceId: number): string;
  /** All skipped keys of one session. */
  skippedPrefix(address: SessionAddress): string;
  skipped(address: SessionAddress, ratchetKey: Uint8Array, messageNumber: number): string;
  /** What is remembered of the messages of one device. */
  seenOf(jid: string, deviceId: number): string;
  seen(jid: string, deviceId: number, bucket: number): string;
  inbox(id: string): string;
  outbox(id: string): string;
  /** An empty message is owed to a device. */
  answerDebt(jid: string, deviceId: number): string;
  /** An account's device list is to be fetched again. */
  refreshDebt(jid: string): string;
  /** An account, or a room, asked for plain text. */
  optOut(jid: string): string;
  readonly optOutPrefix: string;
  room(jid: string): string;
  /** How far an archive was read. */
  position(archive: string): string;
}

export interface SessionAddress {
  readonly jid: string;
  readonly deviceId: number;
  /** The session's identifier, see `Session.id`. */
  readonly sessionId: Uint8Array;
}

/**
 * Any text as one key segment: printable ASCII without space, `/` and `%`, the rest percent-encoded as UTF-8.
 *
 * @throws OmemoError `invalid-argument` for nothing at all, and for half a character.
 */
function segmentOf(value: string): string {
  try {
    const encoded = encodeURIComponent(value);
    if (encoded !== '') return encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  } catch (cause) {
    throw new OmemoError('invalid-argument', 'a name or id is no text', { cause });
  }
  throw new OmemoError('invalid-argument', 'a name or id is empty');
}

export function recordKeys(accountName: string): RecordKeys {
  // The devices of an account follow each other.
  const segment = rememberingLast(segmentOf);
  const account = segment(accountName);
  const under = (kind: string) => (jid: string) => `${account}/${kind}/${segment(jid)}`;
  const deviceUnder = (kind: string) => (jid: string, deviceId: number) =>
    `${account}/${kind}/${segment(jid)}/${deviceId}`;
  const skippedPrefix = ({ jid, deviceId, sessionId }: SessionAddress) =>
    // 16 of the 32 bytes tell the five sessions of a device apart.
    `${account}/skipped/${segment(jid)}/${deviceId}/${toHex(sessionId.subarray(0, 16))}`;
  return {
    account,
    identity: `${account}/identity`,
    bundle: `${account}/bundle`,
    counter: `${account}/counter`,
    inboxState: `${account}/inbox-state`,
    outboxState: `${account}/outbox-state`,
    inboxPrefix: `${account}/inbox`,
    outboxPrefix: `${account}/outbox`,
    debtPrefix: `${account}/debt`,
    deviceListPrefix: `${account}/device-list`,
    trustPrefix: `${account}/trust`,
    sessionPrefix: `${account}/session`,
    preKeyPrefix: `${account}/pre-key`,
    allSkippedPrefix: `${account}/skipped`,
    seenPrefix: `${account}/seen`,
    roomPrefix: `${account}/room`,
    strangers: `${account}/strangers`,
    sessionStarts: `${account}/session-starts`,
    announcements: `${account}/announcements`,
    catchUp: `${account}/catch-up`,
    preKey: (id) => `${account}/pre-key/${id}`,
    deviceList: under('device-list'),
    trust: under('trust'),
    sessionsOf: under('session'),
    session: deviceUnder('session'),
    skippedOf: deviceUnder('skipped'),
    skippedPrefix,
    skipped: (address, ratchetKey, messageNumber) => `${skippedPrefix(address)}/${toHex(ratchetKey)}-${messageNumber}`,
    seenOf: deviceUnder('seen'),
    seen: (jid, deviceId, bucket) => `${account}/seen/${segment(jid)}/${deviceId}/${bucket}`,
    inbox: (id) => `${account}/inbox/${segment(id)}`,
    outbox: (id) => `${account}/outbox/${segment(id)}`,
    answerDebt: (jid, deviceId) => `${account}/debt/answer/${segment(jid)}/${deviceId}`,
    optOut: under('opt-out'),
    optOutPrefix: `${account}/opt-out`,
    room: under('room'),
    position: under('position'),
    refreshDebt: (jid) => `${account}/debt/refresh/${segment(jid)}`,
  };
}
